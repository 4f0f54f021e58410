import type { DeploymentJob, SignedAttempt } from '#core';

/** A job that is admitted; say only what the test is about. */
export function aDeploymentJob(modelId: string, changes: Partial<DeploymentJob> = {}): DeploymentJob {
  return {
    request: {
      messageId: `message-${modelId}`,
      record: {
        modelId,
        tokenSymbol: 'TEST',
        metricName: 'accuracy',
        baselineValue: 850_000_000_000_000_000n,
        currentValue: -1_250_000_000_000_000_000n,
        contributor: null,
      },
      modelName: 'classifier',
      modelVersion: '3',
      mlflowRunId: null,
      improvementPercentage: 2.5,
      supplierRecipient: null,
    },
    state: 'admitted',
    slot: null,
    token: null,
    eventId: null,
    failure: null,
    attempts: [],
    createdAt: Date.UTC(2026, 0, 1),
    updatedAt: Date.UTC(2026, 0, 2),
    ...changes,
  };
}

/** An attempt that was signed on the day the job was created. */
export function aSignedAttempt(hash: string, changes: Partial<SignedAttempt> = {}): SignedAttempt {
  return {
    hash,
    gasLimit: 120_000n,
    maxFeePerGas: 30_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signedAt: Date.UTC(2026, 0, 1, 12),
    ...changes,
  };
}
