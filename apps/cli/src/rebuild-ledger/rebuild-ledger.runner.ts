import { type RebuildReport, type RebuildScope, rebuildLedger } from '#reconciliation';
import type { Environment } from '#config';
import { StartupError, type ChainStateReader } from '#core';
import { RedisDeploymentJobs, RedisJobRestoration, RedisLaneJournal } from '#ledger';
import { withCliContext } from '../cli-context.js';

export type RebuildLedgerOptions = Partial<
  Pick<RebuildScope, 'dryRun' | 'events' | 'allDeployers' | 'fromBlock' | 'acceptChainNonce' | 'onProgress'>
>;

/**
 * Rebuilds the ledger of one deployer from its chain.
 *
 * @param environment what the service was configured with, its private keys included: they say which tokens are ours
 * @throws ConfigValidationError; StartupError; RedisUnavailableError or HoldError when Redis or the chain cannot be asked
 */
export async function runRebuildLedger(
  environment: Environment,
  options: RebuildLedgerOptions = {},
): Promise<RebuildReport> {
  return await withCliContext(environment, async ({ connections, ledger, chain, site, signers }) => {
    if (signers.length === 0) throw new StartupError('DEPLOYER_PRIVATE_KEY is required: it says which tokens are ours');
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
function requireRecords({ keepsRecords }: ChainStateReader, { events, allDeployers }: RebuildLedgerOptions): void {
  if (keepsRecords) return;
  if (allDeployers === true) {
    throw new StartupError(
      '--all-deployers: with these contracts a token that another account made is never a job of ours',
    );
  }
  if (events === undefined || events === 'later') return;
  const flag = events === 'publish' ? '--publish-missing' : '--events-published';
  throw new StartupError(
    `${flag}: these contracts do not keep what an event says, so each is published when the next message of its model adopts the token`,
  );
}
