import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeployedToken, DeploymentRequest, SignedAttempt, Slot } from '#core';
import {
  decodeSignedAttempts,
  decodeRequest,
  decodeToken,
  encodeRequest,
  encodeSignedAttempt,
  encodeToken,
} from './job.codec.js';
import { decodeSlot, encodeSlot } from './lane.codec.js';
import { LedgerCorruptedError } from './ledger.errors.js';

const text = fc.string({ unit: 'binary' });
const wei = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const metric = fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n });

const requests: fc.Arbitrary<DeploymentRequest> = fc.record({
  messageId: text,
  record: fc.record({
    modelId: text,
    tokenSymbol: text,
    metricName: text,
    baselineValue: metric,
    currentValue: metric,
    contributor: fc.option(text),
  }),
  modelName: text,
  modelVersion: text,
  mlflowRunId: fc.option(text),
  improvementPercentage: fc.option(
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  ),
  producer: fc.option(fc.string()),
  warnings: fc.array(fc.string()),
  supplierRecipient: fc.option(text),
});

const tokens: fc.Arbitrary<DeployedToken> = fc.record({
  tokenAddress: text,
  transactionHash: text,
  registryTransactionHash: fc.option(text),
  registration: fc.option(fc.record({ to: text, calldata: text })),
  blockNumber: fc.maxSafeNat(),
  blockTimestamp: fc.maxSafeNat(),
  gasUsed: wei,
  gasPrice: wei,
  deployerAddress: text,
});

const slots: fc.Arbitrary<Slot> = fc.record({
  nonce: fc.maxSafeNat(),
  modelIds: fc.array(text),
  attempts: fc.array(
    fc.record({
      hash: text,
      raw: text,
      gasLimit: wei,
      maxFeePerGas: wei,
      maxPriorityFeePerGas: wei,
      signedAt: fc.maxSafeNat(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

const signedAttempts: fc.Arbitrary<readonly SignedAttempt[]> = fc.array(
  fc.record({
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
    gasLimit: wei,
    maxFeePerGas: wei,
    maxPriorityFeePerGas: wei,
    signedAt: fc.maxSafeNat(),
  }),
  { maxLength: 4 },
);

describe('Ledger codecs', () => {
  it('round-trip the attempts of a job', () => {
    fc.assert(
      fc.property(signedAttempts, (attempts) => {
        expect(decodeSignedAttempts(attempts.map((attempt) => encodeSignedAttempt(attempt)).join(' '))).toEqual(
          attempts,
        );
      }),
    );
  });

  it('round-trip a request', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decodeRequest(encodeRequest(request))).toEqual(request);
      }),
    );
  });

  it('round-trip a token', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        expect(decodeToken(encodeToken(token))).toEqual(token);
      }),
    );
  });

  it('round-trip a slot', () => {
    fc.assert(
      fc.property(slots, (slot) => {
        expect(decodeSlot(slot.nonce, encodeSlot(slot))).toEqual(slot);
      }),
    );
  });

  it.each([
    ['no JSON', decodeRequest, '{', 'request'],
    ['no object', decodeRequest, '[]', 'request'],
    ['nothing', decodeToken, undefined, 'token'],
    ['a number for a text', decodeRequest, '{"messageId":1}', 'request: messageId'],
    ['a missing part', decodeRequest, '{"messageId":""}', 'request: record'],
    ['a fraction for a block', decodeToken, tokenText({ blockNumber: 1.5 }), 'token: blockNumber'],
    ['a block beyond precision', decodeToken, tokenText({ blockNumber: '9007199254740993' }), 'token: blockNumber'],
    ['words for gas', decodeToken, tokenText({ gasUsed: 'much' }), 'token: gasUsed'],
    ['models that are no list', (stored: unknown) => decodeSlot(0, String(stored)), '{}', 'slot'],
    ['a model that is no text', (stored: unknown) => decodeSlot(0, String(stored)), '[1]', 'slot'],
  ])('refuse %s and name the place alone', (_, decode: (stored: unknown) => unknown, stored, place) => {
    expect(() => decode(stored)).toThrow(LedgerCorruptedError);
    expect(() => decode(stored)).toThrow(new RegExp(`^The ledger holds an unreadable ${place}$`));
  });
});

function tokenText(changes: Readonly<Record<string, unknown>>): string {
  const addresses = { tokenAddress: '', transactionHash: '', registryTransactionHash: '', deployerAddress: '' };
  return JSON.stringify({ ...addresses, blockNumber: 1, blockTimestamp: 1, gasUsed: '1', gasPrice: '1', ...changes });
}
