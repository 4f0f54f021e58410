/**
 * What the chain keeps about one model for ever. Two messages ask for the same token exactly when their records are
 * equal; everything else a message carries is provenance and may differ.
 */
export interface DeploymentRecord {
  readonly modelId: string;
  /** ERC-20 symbol, as it came: never upper-cased, never trimmed. */
  readonly tokenSymbol: string;
  readonly metricName: string;
  /** Signed fixed point with 18 decimals. */
  readonly baselineValue: bigint;
  /** Signed fixed point with 18 decimals. */
  readonly currentValue: bigint;
  /** EIP-55 address, or null when the message names nobody. */
  readonly contributor: string | null;
}

/**
 * A valid message, reduced to what a deployment needs; or what the chain still knows of one, for a job that was rebuilt
 * after a loss of the ledger: message id, name and version are null then, as no message ever leaves them out.
 */
export interface DeploymentRequest {
  readonly messageId: string | null;
  readonly record: DeploymentRecord;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  /** Null for a model that was registered without an MLflow run. */
  readonly mlflowRunId: string | null;
  /** Percent, as the platform computed it. */
  readonly improvementPercentage: number | null;
  /** Address that receives the model supplier's allocation; only the `token-manager` backend uses it. */
  readonly supplierRecipient: string | null;
}

/** ERC-20 name of a token: `Hokusai <symbol>`. */
export function tokenName(record: Pick<DeploymentRecord, 'tokenSymbol'>): string {
  return `Hokusai ${record.tokenSymbol}`;
}

/** A string that is equal for two records exactly when the records are equal. */
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
