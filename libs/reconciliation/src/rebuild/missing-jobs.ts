import type { ChainDeployment, ChainStateReader, DeploymentJob, DeploymentJobs } from '#core';
import { isDeployed } from '../deployed-job.js';

/**
 * - `present`: the job is deployed with this token, or failed because this token can never be its own
 * - `open`: the job is in progress and will adopt the token
 * - `differs`: the job is deployed with another token
 * - `adoptable`: the job is missing or failed; the model's next message adopts the token
 * - `unadoptable`: the job is missing; the model's next message is a conflict
 */
export type MissingJobStatus = 'present' | 'open' | 'differs' | 'adoptable' | 'unadoptable';

/**
 * Compares tokens with the ledger when the contracts keep no records. Returns one outcome per token and writes nothing.
 */
export async function classifyMissingJobs(
  { chain, jobs }: { readonly chain: ChainStateReader; readonly jobs: DeploymentJobs },
  deployments: readonly ChainDeployment[],
): Promise<readonly { readonly modelId: string; readonly standing: MissingJobStatus }[]> {
  const adoptable = await chain.adoptable(deployments);
  return await Promise.all(
    deployments.map(async (made, index) => {
      const modelId = made.modelId ?? `of the token ${made.tokenAddress}`;
      const job = made.modelId === null ? null : await jobs.find(made.modelId);
      return { modelId, standing: statusOf(made, job, adoptable[index] ?? false) };
    }),
  );
}

function statusOf(made: ChainDeployment, job: DeploymentJob | null, adoptable: boolean): MissingJobStatus {
  if (isDeployed(job)) {
    const { tokenAddress, transactionHash } = job.token ?? {};
    return tokenAddress === made.tokenAddress && transactionHash === made.transactionHash ? 'present' : 'differs';
  }
  if (job !== null && job.state !== 'failed') return 'open';
  if (adoptable) return 'adoptable';
  return job === null ? 'unadoptable' : 'present';
}
