import { readFile } from 'node:fs/promises';
import { freePort } from '../../test/support/free-port.js';
import { guideMessage } from '../../test/support/guide-message.js';
import { until } from '../../test/support/until.js';
import type { Checklist } from '../checks/checklist.js';
import { Container } from './container.js';
import type { Image } from './image.js';
import type { Surroundings } from './surroundings.js';

const DEPLOY_CONTRACTS = ['node', 'dist/apps/token-deployer/src/deploy-contracts.js', '--json'];

/** What an image does: deploys the contracts, turns a message into a token, ends on SIGTERM as process 1. */
export async function checkRun(list: Checklist, image: Image, around: Surroundings): Promise<void> {
  const FACTORY_ADDRESS = await deployContracts(list, image, around);
  const start = async (command: readonly string[]): Promise<Container> => {
    const port = String(await freePort());
    const env = { ...image.env, ...around.env, FACTORY_ADDRESS, PORT: port };
    const container = new Container(image.tree, image.user, command, { env, secrets: around.secrets });
    await until(`the container to be ready\n${container.output}`, () => isReady(container, port)).catch(
      async (error: unknown) => {
        await container.stop('SIGKILL');
        throw new Error(`the container is not ready:\n${container.output}`, { cause: error });
      },
    );
    return container;
  };

  const whole = await start([...image.entrypoint, ...image.command]);
  await checkProcesses(list, await whole.firstProcess());
  await checkToken(list, around);
  await checkEnd(list, 'with tini as process 1', whole);
  await checkEnd(list, 'with node itself as process 1', await start(image.command));
}

async function deployContracts(list: Checklist, image: Image, around: Surroundings): Promise<string> {
  let factory = '';
  const deployment = new Container(image.tree, image.user, DEPLOY_CONTRACTS, {
    env: { ...image.env, ...around.env },
    secrets: around.secrets,
    onLine: (line) => {
      factory = /"factory":"(0x[0-9a-fA-F]{40})"/.exec(line)?.[1] ?? factory;
    },
  });
  const code = await deployment.exit;
  list.check('the image deploys the contracts', code === 0 && factory !== '', deployment.output);
  const composed = /FACTORY_ADDRESS: '?(0x\w+)/.exec(await readFile('docker-compose.yml', 'utf8'))?.[1];
  list.check('docker-compose.yml names the same factory', composed === factory, `${composed}, not ${factory}`);
  return factory;
}

async function isReady(container: Container, port: string): Promise<boolean> {
  if (!container.running) throw new Error('it has ended');
  return (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200;
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

async function checkToken(list: Checklist, { queue }: Surroundings): Promise<void> {
  await queue.push(guideMessage({ model_id: 'image-check' }));
  const event = await until('the token_deployed event', async () => (await queue.events())[0], { timeoutMs: 60_000 });
  list.check('a message becomes a token, on a read-only file system', event.model_id === 'image-check', event.model_id);
}

async function checkEnd(list: Checklist, what: string, container: Container): Promise<void> {
  const started = Date.now();
  const code = await container.stop('SIGTERM');
  const seconds = (Date.now() - started) / 1000;
  list.check(`SIGTERM ends it with exit code 0 ${what}`, code === 0, `exit code ${code}\n${container.output}`);
  list.check(`it took ${seconds.toFixed(1)} s, less than SHUTDOWN_TIMEOUT`, seconds < 25, seconds);
}
