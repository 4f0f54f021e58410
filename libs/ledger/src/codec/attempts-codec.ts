import type { SignedAttempt } from '#core';
import { LedgerCorruptedError } from './ledger.errors.js';

const ATTEMPT = /^(0x[0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+)$/;

/**
 * Encodes hash, gas limit, fee cap, priority fee and time of one attempt; numbers in hexadecimal. Scripts join attempts
 * by a space.
 */
export function encodeSignedAttempt(attempt: SignedAttempt): string {
  const { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt } = attempt;
  return [hash, ...[gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt].map((it) => it.toString(16))].join(':');
}

/** @throws LedgerCorruptedError */
export function decodeAttempts(text: string): readonly SignedAttempt[] {
  return text === '' ? [] : text.split(' ').map((attempt) => decodeAttempt(attempt));
}

function decodeAttempt(text: string): SignedAttempt {
  const [, hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt] = ATTEMPT.exec(text) ?? [];
  if (hash === undefined) throw new LedgerCorruptedError('job: attempts');
  return {
    hash,
    gasLimit: BigInt(`0x${gasLimit}`),
    maxFeePerGas: BigInt(`0x${maxFeePerGas}`),
    maxPriorityFeePerGas: BigInt(`0x${maxPriorityFeePerGas}`),
    signedAt: Number(`0x${signedAt}`),
  };
}
