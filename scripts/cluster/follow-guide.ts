import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANVIL_ACCOUNTS } from '../../test/support/chain/anvil.js';
import { at, list } from '../chart/kubernetes-object.js';
import type { ChartTools } from '../chart/tools.js';
import { runJob, set } from './run-job.js';
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
 * Step 4: the contracts.
 *
 * @returns what the last line of the log says, as variables of the service
 * @throws Error with the log when the job failed
 */
export async function deployContracts(
  namespace: Namespace,
  tools: ChartTools,
  image: string,
): Promise<Readonly<Record<string, string>>> {
  const log = await runJob(namespace, tools, JOB, image, (container) => {
    for (const [name, value] of Object.entries({ CHAIN_ID, FACTORY_ADMIN: ADMIN.address })) {
      set(
        list(at(container, 'env')).find((variable) => at(variable, 'name') === name),
        'value',
        value,
      );
    }
  });
  const addresses: unknown = JSON.parse(log.trim().split('\n').at(-1) ?? '');
  return {
    CHAIN_ID,
    FACTORY_ADDRESS: String(at(addresses, 'factory')),
    FACTORY_DEPLOYED_AT_BLOCK: String(at(addresses, 'deployedAtBlock')),
  };
}
