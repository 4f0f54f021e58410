import { type RebuildReport, type RebuildScope, rebuildLedger } from '#audit';
import type { Environment } from '#config';
import { BootRefused, tokenName } from '#core';
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
  return await withDeployer(environment, async ({ connections, ledger, chain, network, signers }) => {
    if (signers.length === 0) throw new BootRefused('DEPLOYER_PRIVATE_KEY is required: it says which tokens are ours');
    return await rebuildLedger({
      chain,
      restoration: new RedisJobRestoration(connections, ledger),
      jobs: new RedisDeploymentJobs(connections, ledger),
      journal: new RedisLaneJournal(connections, ledger),
      site: { network, chainId: ledger.chainId, contract: ledger.contract, nameOf: tokenName },
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
