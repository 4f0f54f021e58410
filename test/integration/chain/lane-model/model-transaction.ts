import { SELECTORS } from '#contracts';
import { Transaction } from 'ethers';

/** A signed transaction, and the models that its calldata names. */
export interface ModelTransaction {
  readonly hash: string;
  readonly nonce: number;
  readonly to: string | null;
  readonly data: string;
  readonly models: readonly string[];
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** Wei. */
  readonly maxPriorityFeePerGas: bigint;
}

export interface MinedTransaction extends ModelTransaction {
  readonly succeeded: boolean;
}

export interface ModelBlock {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Wei. */
  readonly baseFee: bigint;
  readonly transactions: readonly MinedTransaction[];
}

/** @throws Error for bytes that are no signed EIP-1559 transaction */
export function readRaw(raw: string): ModelTransaction {
  const { hash, nonce, to, data, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw);
  if (hash === null || maxFeePerGas === null || maxPriorityFeePerGas === null) throw new Error('not an EIP-1559 one');
  return { hash, nonce, to, data, models: modelsIn(data), maxFeePerGas, maxPriorityFeePerGas };
}

/** Calldata of the model chain: the names of the models. */
export function calldataOf(modelIds: readonly string[]): string {
  return `${SELECTORS.deployBatch}${Buffer.from(modelIds.join()).toString('hex')}`;
}

function modelsIn(data: string): readonly string[] {
  return Buffer.from(data.slice(SELECTORS.deployBatch.length), 'hex').toString().split(',');
}
