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
 * @param environment the service's environment, including its private keys, which identify own tokens
 * @throws ConfigValidationError; StartupError; RedisUnavailableError; HoldError when RPC is unavailable
 */
export async function runRebuildLedger(
  environment: Environment,
  options: RebuildLedgerOptions = {},
): Promise<RebuildReport> {
  return await withCliContext(environment, async ({ connections, ledger, chain, site, signers }) => {
    if (signers.length === 0) throw new StartupError('DEPLOYER_PRIVATE_KEY is required: it identifies own tokens');
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

/** Rejects options that need contracts with records. */
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
