import { Ajv2020 } from 'ajv/dist/2020.js';
import { validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYWORDS } from '../../../../clients/typescript/src/keywords.js';
import { DEAD_LETTER_REASONS, type DeployedToken, type DeploymentRequest } from '#core';
import { BinaryOriginal, DeadLetterEntry, TextOriginal } from '../dead-letters/dead-letter-entry.dto.js';
import {
  HokusaiTokenDeployedEvent,
  TokenDeployedEvent,
  TokenUnregisteredEvent,
} from '../events/token-deployed-event.dto.js';
import { deadLetterEntry, messageSchemas, tokenDeployedEvent, tokenUnregisteredEvent } from '../index.js';

type Fields = Readonly<Record<string, unknown>>;

const SCHEMAS = messageSchemas({ maxMessageBytes: 262_144, minImprovementPercentage: 0 });
const RUNS = { numRuns: 1_500 };

const hex = (digits: number) => fc.stringMatching(new RegExp(`^0x[0-9a-f]{${digits}}$`));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const text = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength });

const requests: fc.Arbitrary<DeploymentRequest> = fc.record({
  messageId: orNull(text(20)),
  record: fc.record({
    modelId: text(40),
    tokenSymbol: text(12),
    metricName: text(20),
    baselineValue: fc.bigInt(),
    currentValue: fc.bigInt(),
    contributor: orNull(hex(40)),
  }),
  modelName: orNull(fc.string({ maxLength: 20 })),
  modelVersion: orNull(text(9)),
  mlflowRunId: orNull(text(32)),
  improvementPercentage: orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  supplierRecipient: orNull(hex(40)),
  producer: fc.constant(null),
  warnings: fc.constant([]),
});

const tokens: fc.Arbitrary<DeployedToken> = fc.record({
  tokenAddress: hex(40),
  transactionHash: hex(64),
  registryTransactionHash: orNull(hex(64)),
  registration: orNull(fc.record({ to: hex(40), calldata: hex(8) })),
  blockNumber: fc.maxSafeNat(),
  blockTimestamp: fc.nat(2_000_000_000),
  gasUsed: fc.bigInt({ min: 0n }),
  gasPrice: fc.bigInt({ min: 0n }),
  layerOneFee: fc.bigInt({ min: 0n }),
  deployerAddress: hex(40),
});

const site = { chainId: 1, contract: `0x${'5'.repeat(40)}`, network: 'mainnet' };

const given = fc.tuple(requests, tokens);
const deployed = given.map(([request, token]) => tokenDeployedEvent(request, token, site).event);
const unregistered = given.map(([request, token]) => tokenUnregisteredEvent(request, token, site).event);
const inHokusaiForm = given
  .map(([request, token]) => {
    const carried = { ...request, record: { ...request.record, tokenSymbol: 'msg-ai' }, improvementPercentage: 7 };
    return tokenDeployedEvent(carried, token, { ...site, hokusaiNetwork: 'ethereum', hasFullEventList: true });
  })
  .map(({ event, fullEvent }) => (event === fullEvent ? null : event));

const deadLetters = fc
  .record({
    bytes: fc.oneof(
      fc.uint8Array(),
      fc.json().map((json) => Buffer.from(json)),
    ),
    reason: fc.constantFrom(...DEAD_LETTER_REASONS),
    error: fc.string(),
    transactionHashes: fc.array(hex(64), { maxLength: 2 }),
    count: fc.nat(),
  })
  .map(({ bytes, reason, error, transactionHashes, count }) =>
    deadLetterEntry({
      message: { bytes, attempts: count, deliveries: count, replays: count, firstSeenAt: count },
      reason,
      error,
      transactionHashes,
      queue: 'queue',
      worker: 'worker',
      failedAt: count,
    }),
  );

const isValidAs = (type: new () => object, fields: Fields, knownOnly = false): boolean =>
  validateSync(Object.assign(new type(), fields), { whitelist: knownOnly, forbidNonWhitelisted: knownOnly }).length === 0;

/** What is written, and what its classes say of an object. */
const CASES: Readonly<Record<string, readonly [fc.Arbitrary<string | null>, (fields: Fields) => boolean]>> = {
  'token-deployed': [deployed, (fields) => isValidAs(TokenDeployedEvent, fields)],
  'token-deployed-unregistered': [unregistered, (fields) => isValidAs(TokenUnregisteredEvent, fields)],
  'token-deployed-hokusai': [inHokusaiForm, (fields) => isValidAs(HokusaiTokenDeployedEvent, fields, true)],
  'dead-letter': [
    deadLetters,
    (fields) =>
      isValidAs(DeadLetterEntry, fields) &&
      [TextOriginal, BinaryOriginal].filter((type) => isValidAs(type, fields)).length === 1,
  ],
};

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom('', 'a', 'A-1', 'x'.repeat(300), '\u00E9'.repeat(128), '0x', '0xABCD', '7', '-7', '1.0', 'polygon'),
  fc.constantFrom(null, true, 0, -1, 1, 1.5, [], ['a'], {}, 'token_deployed', '2026-03-01T12:00:00.000Z', 'aGk='),
  hex(40),
  hex(64).map((hash) => `${hash}\n`),
  fc.array(hex(64), { maxLength: 2 }),
  fc.uuid(),
  fc.jsonValue(),
);

describe.each(Object.entries(CASES))('the schema %s', (name, [written, accepts]) => {
  const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, keywords: [...KEYWORDS] }).compile(
    SCHEMAS[name] ?? false,
  );
  const objects = written.filter((json) => json !== null).map((json) => JSON.parse(json) as Fields);

  it('accepts what the service writes', () => {
    fc.assert(
      fc.property(objects, (fields) => {
        expect([validate(fields), accepts(fields)]).toEqual([true, true]);
      }),
      RUNS,
    );
  });

  it('accepts and refuses what the decorators do when a field is changed, missing or added', () => {
    const names = [...Object.keys(SCHEMAS[name]?.properties ?? {}), 'original_message', 'original_message_base64', 'other'];
    const change = fc.tuple(fc.constantFrom(...names), fc.option(value, { nil: undefined }));
    fc.assert(
      fc.property(objects, change, (fields, [field, changed]) => {
        const found = JSON.parse(JSON.stringify({ ...fields, [field]: changed })) as Fields;
        expect(validate(found)).toBe(accepts(found));
      }),
      RUNS,
    );
  });
});
