import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANVIL_ACCOUNTS } from '../../test/support/anvil.js';
import { at, list } from '../chart/rendered.js';
import type { ChartTools } from '../chart/tools.js';
import type { Namespace } from './namespace.js';
import { ANVIL_PORT, REDIS_PORT } from './platform.js';

const JOB = 'docs/deploy-contracts.yaml';
const CHAIN_ID = '31337';
/** Two deployers; the first is also the factory's admin, and so can let the second in. */
const [ADMIN, SECOND] = ANVIL_ACCOUNTS;

/** Name of the secret, and of the keys in it, as docs/deployment.md has them. */
export const SECRET = 'token-deployer';
const SECRETS = {
  'redis-url': `redis://redis:${REDIS_PORT}/0`,
  'web3-provider-url': `http://anvil:${ANVIL_PORT}`,
  'deployer-private-key': `${ADMIN.privateKey},${SECOND.privateKey}`,
  'ops-api-token': 'only-for-a-cluster-check',
};

/** Step 3: the secret, from files. */
export async function createSecret(namespace: Namespace): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-check-'));
  try {
    for (const [name, content] of Object.entries(SECRETS)) await writeFile(join(folder, name), `${content}\n`);
    const files = Object.keys(SECRETS).map((name) => `--from-file=${join(folder, name)}`);
    await namespace.kubectl('create', 'secret', 'generic', SECRET, ...files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Step 4: the contracts, by the job and the commands behind it.
 *
 * @returns what the last line of the log says, as variables of the service
 * @throws Error with the log when the job failed
 */
export async function deployContracts(
  namespace: Namespace,
  tools: ChartTools,
  image: string,
): Promise<Readonly<Record<string, string>>> {
  const [job] = tools.parseAll(await readFile(JOB, 'utf8'));
  const container = at(job, 'spec', 'template', 'spec', 'containers', 0);
  set(container, 'image', image);
  for (const [name, value] of Object.entries({ CHAIN_ID, FACTORY_ADMIN: ADMIN.address })) {
    set(
      list(at(container, 'env')).find((variable) => at(variable, 'name') === name),
      'value',
      value,
    );
  }
  const name = (await namespace.submit(job, 'create', '--output', 'name')).trim();
  const waited = namespace.kubectl('wait', '--for', 'condition=Complete', '--timeout', '2m', name);
  const failure = await waited.then(
    () => null,
    (error: unknown) => error,
  );
  const log = await namespace.kubectl('logs', name);
  if (failure !== null) throw new Error(`the contracts were not deployed:\n${log}`, { cause: failure });
  const addresses: unknown = JSON.parse(log.trim().split('\n').at(-1) ?? '');
  return {
    CHAIN_ID,
    FACTORY_ADDRESS: String(at(addresses, 'factory')),
    FACTORY_DEPLOYED_AT_BLOCK: String(at(addresses, 'deployedAtBlock')),
  };
}

function set(target: unknown, key: string, value: string): void {
  if (typeof target !== 'object' || target === null) throw new Error(`${JOB} has no place for ${key}`);
  Reflect.set(target, key, value);
}
