/**
 * The data that identifies one token. Two messages ask for the same token exactly when their records are equal; other
 * fields may differ.
 */
export interface DeploymentRecord {
  readonly modelId: string;
  /** ERC-20 symbol, byte for byte as the producer sent it. */
  readonly tokenSymbol: string;
  readonly metricName: string;
  /** Signed fixed point with 18 decimals. */
  readonly baselineValue: bigint;
  /** Signed fixed point with 18 decimals. */
  readonly currentValue: bigint;
  /** EIP-55 address; null when the message names no contributor. */
  readonly contributor: string | null;
}

/** The deployment data of a valid message. For a job rebuilt from the chain, message id, name and version are null. */
export interface DeploymentRequest {
  readonly messageId: string | null;
  readonly record: DeploymentRecord;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  /** Null for a model without an MLflow run. */
  readonly mlflowRunId: string | null;
  /** Percent of the baseline; positive is better for every direction of the metric. Null when the baseline is zero. */
  readonly improvementPercentage: number | null;
  /** Recipient of the supplier allocation; used by the `token-manager` backend only. */
  readonly supplierRecipient: string | null;
  /** Name of the producer whose signature was verified; null without one. */
  readonly producer: string | null;
  /** Faults of the message that did not cost the token, for operators. */
  readonly warnings: readonly string[];
}

/** ERC-20 name of a token: `Hokusai <symbol>`. */
export function tokenName(record: Pick<DeploymentRecord, 'tokenSymbol'>): string {
  return `Hokusai ${record.tokenSymbol}`;
}

/** Returns equal strings exactly for equal records. */
export function recordFingerprint(record: DeploymentRecord): string {
  return JSON.stringify([
    record.modelId,
    record.tokenSymbol,
    record.metricName,
    record.baselineValue.toString(),
    record.currentValue.toString(),
    record.contributor?.toLowerCase() ?? null,
  ]);
}
