import { readFile } from 'node:fs/promises';
import { platformMessage } from '../../test/support/fixtures/platform-message.fixture.js';
import { until } from '../../test/support/until.js';
import type { Checklist } from '../checks/checklist.js';
import { checkPages } from './check-pages.js';
import type { Container } from './container.js';
import type { Image } from './image.js';
import { runCommand, startService } from './service-container.js';
import type { ImageEnvironment } from './image-environment.js';

const MESSAGE_COUNT = 100;
const COMMANDS = 'dist/apps/cli/src';

/**
 * What an image does: deploys the contracts, turns messages into tokens, ends on SIGTERM as process 1 even with work in
 * hand, runs the operator's commands, and starts with either family of contracts.
 */
export async function checkRun(list: Checklist, image: Image, around: ImageEnvironment): Promise<void> {
  const env = { FACTORY_ADDRESS: await deployContracts(list, image, around) };
  const whole = [...image.entrypoint, ...image.command];

  const first = await startService(image, around, whole, env);
  await checkProcesses(list, await first.container.firstProcess());
  await checkPages(list, first.url, around.opsToken);
  await checkToken(list, around);
  await checkShutdown(list, 'with tini as process 1', first.container);

  await around.setAutomine(false);
  const loaded = await startService(image, around, image.command, env);
  await waitForClaims(around);
  await checkShutdown(list, 'with node itself as process 1 and transactions that no block holds', loaded.container);
  await around.setAutomine(true);

  const last = await startService(image, around, whole, env);
  await checkTokens(list, around);
  await checkShutdown(list, 'after it has caught up', last.container);
  await checkCommands(list, image, around, env);

  const managed = await startService(image, around, whole, await around.deployTokenManager());
  list.check("it starts with Hokusai's own contracts", managed.container.running, managed.container.output);
  await checkShutdown(list, "with Hokusai's own contracts", managed.container);
}

async function deployContracts(list: Checklist, image: Image, around: ImageEnvironment): Promise<string> {
  const { code, output } = await runCommand(image, around, [
    'node',
    `${COMMANDS}/deploy-contracts/deploy-contracts.command.js`,
    '--json',
  ]);
  const factory = /"factory":"(0x[0-9a-fA-F]{40})"/.exec(output)?.[1] ?? '';
  list.check('the image deploys the contracts', code === 0 && factory !== '', output);
  const composed = /FACTORY_ADDRESS: '?(0x\w+)/.exec(await readFile('docker-compose.yml', 'utf8'))?.[1];
  list.check('docker-compose.yml names the same factory', composed === factory, `${composed}, not ${factory}`);
  return factory;
}

async function checkProcesses(list: Checklist, first: number): Promise<void> {
  const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8');
  const node = children.trim();
  const names = [await programOf(String(first)), await programOf(node)];
  list.check('process 1 is tini, and node its only child', /^tini$/.test(names[0] ?? '') && /^\d+$/.test(node), names);
  const status = await readFile(`/proc/${node}/status`, 'utf8');
  const user = /^Uid:\s+(.*)$/m.exec(status)?.[1]?.split('\t');
  list.check('the service runs as user 1000', user?.every((uid) => uid === '1000') === true, user);
  const capabilities = /^CapEff:\s+(\w+)$/m.exec(status)?.[1];
  list.check('it has no capability', Number(`0x${capabilities}`) === 0, capabilities);
}

async function programOf(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
}

async function checkToken(list: Checklist, { queue }: ImageEnvironment): Promise<void> {
  await queue.push(platformMessage({ model_id: 'image-check' }));
  const event = await until('the token_deployed event', async () => (await queue.events())[0], { timeoutMs: 60_000 });
  list.check('a message becomes a token, on a read-only file system', event.model_id === 'image-check', event.model_id);
}

/** Returns when the service has messages in hand. */
async function waitForClaims({ queue }: ImageEnvironment): Promise<void> {
  for (let n = 1; n <= MESSAGE_COUNT; n += 1) await queue.push(platformMessage({ model_id: `image-check-${n}` }));
  await until('the service to take messages', async () => (await queue.messageCounts()).processing > 0);
}

async function checkTokens(list: Checklist, { queue }: ImageEnvironment): Promise<void> {
  await queue.drained({ timeoutMs: 120_000 });
  const models = new Set((await queue.events()).map((event) => event.model_id));
  const all = MESSAGE_COUNT + 1;
  list.check(`each of ${MESSAGE_COUNT} messages that it left became a token`, models.size === all, models.size);
}

async function checkCommands(
  list: Checklist,
  image: Image,
  around: ImageEnvironment,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const audit = await runCommand(
    image,
    around,
    ['node', `${COMMANDS}/verify-ledger/verify-ledger.command.js`, '--quiescent', '--events-kept'],
    env,
  );
  list.check('the image audits the deployment, and all agrees', audit.code === 0, audit.output);
  const rebuild = await runCommand(
    image,
    around,
    ['node', `${COMMANDS}/rebuild-ledger/rebuild-ledger.command.js`, '--dry-run'],
    env,
  );
  list.check('the image can rebuild the ledger', rebuild.code === 0, rebuild.output);
}

async function checkShutdown(list: Checklist, what: string, container: Container): Promise<void> {
  const started = Date.now();
  const code = await container.stop('SIGTERM');
  const seconds = (Date.now() - started) / 1000;
  list.check(`SIGTERM ends it with exit code 0 ${what}`, code === 0, `exit code ${code}\n${container.output}`);
  list.check(`it took ${seconds.toFixed(1)} s, less than SHUTDOWN_TIMEOUT`, seconds < 25, seconds);
}
