import type { DeploymentJob, JobResult } from '#core';

/**
 * Adds to each failure the record that was judged. While a replica is frozen, a message with another record may take over
 * a job that is in no transaction.
 */
export function withRecords(results: readonly JobResult[], jobs: readonly DeploymentJob[]): readonly JobResult[] {
  const records = new Map(jobs.map(({ request: { record } }) => [record.modelId, record]));
  return results.map((result) => {
    const record = result.kind === 'failed' ? records.get(result.modelId) : undefined;
    return record === undefined ? result : { ...result, record };
  });
}
