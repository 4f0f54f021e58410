import type { Attempt, Slot } from '#core';
import { HashReader, parseJson, stringList } from './hash-reader.js';

/** Encodes a slot as JSON lines: model ids, then attempts. A script appends an attempt without parsing. */
export function encodeSlot(slot: Slot): string {
  return [JSON.stringify(slot.modelIds), ...slot.attempts.map(encodeAttempt)].join('\n');
}

export function encodeAttempt(attempt: Attempt): string {
  return JSON.stringify({
    hash: attempt.hash,
    raw: attempt.raw,
    gasLimit: attempt.gasLimit.toString(),
    maxFeePerGas: attempt.maxFeePerGas.toString(),
    maxPriorityFeePerGas: attempt.maxPriorityFeePerGas.toString(),
    signedAt: attempt.signedAt,
  });
}

export function decodeSlot(nonce: number, text: string): Slot {
  const [modelIds, ...attempts] = text.split('\n');
  return {
    nonce,
    modelIds: stringList('slot', parseJson('slot', modelIds)),
    attempts: attempts.map(decodeAttempt),
  };
}

function decodeAttempt(text: string): Attempt {
  const fields = HashReader.parse('attempt', text);
  return {
    hash: fields.text('hash'),
    raw: fields.text('raw'),
    gasLimit: fields.bigint('gasLimit'),
    maxFeePerGas: fields.bigint('maxFeePerGas'),
    maxPriorityFeePerGas: fields.bigint('maxPriorityFeePerGas'),
    signedAt: fields.integer('signedAt'),
  };
}
