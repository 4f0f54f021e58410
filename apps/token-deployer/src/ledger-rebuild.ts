import { type RebuildReport, type RebuildScope, rebuildLedger } from '#audit';
import type { Environment } from '#config';
import { BootRefused, type ChainWitness } from '#core';
import { RedisDeploymentJobs, RedisJobRestoration, RedisLaneJournal } from '#ledger';
import { withDeployer } from './deployer-access.js';

export type RebuildOptions = Partial<
  Pick<RebuildScope, 'dryRun' | 'events' | 'allDeployers' | 'fromBlock' | 'acceptChainNonce' | 'onProgress'>
>;

/**
 * Rebuilds the ledger of one deployer from its chain.
 *
 * @param environment what the service was configured with, its private keys included: they say which tokens are ours
 * @throws InvalidEnvironment; BootRefused; RedisUnavailable or Held when Redis or the chain cannot be asked
 */
export async function rebuildDeployment(
  environment: Environment,
  options: RebuildOptions = {},
): Promise<RebuildReport> {
  return await withDeployer(environment, async ({ connections, ledger, chain, site, signers }) => {
    if (signers.length === 0) throw new BootRefused('DEPLOYER_PRIVATE_KEY is required: it says which tokens are ours');
    requireRecords(chain, options);
    return await rebuildLedger({
      chain,
      restoration: new RedisJobRestoration(connections, ledger),
      jobs: new RedisDeploymentJobs(connections, ledger),
      journal: new RedisLaneJournal(connections, ledger),
      site,
      signers,
      dryRun: options.dryRun ?? false,
      events: options.events ?? 'later',
      allDeployers: options.allDeployers ?? false,
      fromBlock: options.fromBlock ?? 0,
      acceptChainNonce: options.acceptChainNonce ?? false,
      onProgress: options.onProgress ?? (() => undefined),
    });
  });
}

/** What contracts without records cannot give is refused before anything is read. */
function requireRecords({ keepsRecords }: ChainWitness, { events, allDeployers }: RebuildOptions): void {
  if (keepsRecords) return;
  if (allDeployers === true) {
    throw new BootRefused(
      '--all-deployers: with these contracts a token that another account made is never a job of ours',
    );
  }
  if (events === undefined || events === 'later') return;
  const flag = events === 'publish' ? '--publish-missing' : '--events-published';
  throw new BootRefused(
    `${flag}: these contracts do not keep what an event says, so each is published when the next message of its model adopts the token`,
  );
}
