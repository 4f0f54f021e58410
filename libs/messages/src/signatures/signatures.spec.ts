import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../../../../test/support/fixtures/platform-message.fixture.js';
import {
  ED25519_KEY,
  ed25519Of,
  HMAC_KEY,
  hmacOf,
  keyFile,
  signedByPlatform,
  signedText,
} from '../../../../test/support/fixtures/signed-message.fixture.js';
import { MessageRejectedError } from '#core';
import { extractIdsLeniently } from '../dead-letters/extract-ids.js';
import { readDeadLetter } from '../dead-letters/read-dead-letter.js';
import { parseMessage, type ParsedMessage, type ParsingRules } from '../parse-message.js';
import { isJsonObject } from '../envelope/json-object.js';
import { matchesPattern } from './allow-list.js';
import { parseMessageKeys } from './message-keys.js';
import { wrappedText } from './signed-message.js';
import { ANYONE, verifySignature } from './verify-signature.js';

const NOW = Date.UTC(2027, 0, 1);
const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 } satisfies ParsingRules;
const KEYS = parseMessageKeys(keyFile());
const MESSAGE = platformMessage({ model_id: 'größe/😀', tags: { quote: '"\\\u2028' } });

function read(text: string | Uint8Array, keys = KEYS, rules: ParsingRules = RULES): ParsedMessage {
  return parseMessage(Buffer.from(text), rules, (signed) => ({
    producer: verifySignature(signed, keys, NOW),
    problem: null,
  }));
}

function reasonOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof MessageRejectedError) return error.reason;
    throw error;
  }
}

describe('signatures', () => {
  it.each([
    ['HMAC-SHA256', signedText(MESSAGE), 'lab'],
    ['Ed25519', signedByPlatform(MESSAGE), 'platform'],
  ])('accept a message that is signed with %s, with any characters', (_, text, producer) => {
    const { request } = parseMessage(Buffer.from(MESSAGE), RULES);
    expect(read(text).request).toEqual({ ...request, producer });
  });

  it('are ignored, but the wrapper is read, when nothing verifies them', () => {
    const text = signedText(MESSAGE, { key_id: 'unknown', value: '' });
    expect(parseMessage(Buffer.from(text), RULES)).toEqual({
      ...parseMessage(Buffer.from(MESSAGE), RULES),
      sender: ANYONE,
    });
  });

  // RFC 4231, test case 7 and RFC 8032, section 7.1, tests 1 to 3: written by others than this code.
  it.each([
    [
      'hmac-sha256',
      'aa'.repeat(131),
      Buffer.from(
        'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
      ).toString('hex'),
      '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    ],
    [
      'ed25519',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      'ed25519',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'ed25519',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('agree with the vectors of the standards: %s', (algorithm, key, content, signature) => {
    const [secret, value] = [key, signature].map((hex) => Buffer.from(hex, 'hex').toString('base64'));
    const entry = { id: 'k', producer: 'p', algorithm, [algorithm === 'ed25519' ? 'public_key' : 'secret']: secret };
    const keys = parseMessageKeys(JSON.stringify({ keys: [entry] }));
    const signed = { content: Buffer.from(content, 'hex'), keyId: 'k', algorithm, value: value ?? '' };
    expect(verifySignature(signed, keys, NOW).name).toBe('p');
    const other = { ...signed, content: Buffer.from(`${content}00`, 'hex') };
    expect(reasonOf(() => verifySignature(other, keys, NOW))).toBe('bad_signature');
  });

  it.each([
    ['a message without a wrapper', MESSAGE, 'unsigned'],
    ['an unknown key', signedText(MESSAGE, { key_id: 'lab-2' }), 'bad_signature'],
    ['the name of a property of every object as key', signedText(MESSAGE, { key_id: '__proto__' }), 'bad_signature'],
    ['another algorithm', signedText(MESSAGE, { algorithm: 'none' }), 'bad_signature'],
    ['no signature', signedText(MESSAGE, { value: '' }), 'bad_signature'],
    [
      'an HMAC under the public key of an Ed25519 key',
      signedText(MESSAGE, {
        key_id: 'platform-1',
        value: hmacOf(MESSAGE, Buffer.from(ED25519_KEY.entry.public_key, 'base64')),
      }),
      'bad_signature',
    ],
    [
      'the same HMAC, called Ed25519',
      signedText(MESSAGE, {
        key_id: 'platform-1',
        algorithm: 'ed25519',
        value: hmacOf(MESSAGE, Buffer.from(ED25519_KEY.entry.public_key, 'base64')),
      }),
      'bad_signature',
    ],
    [
      'an Ed25519 signature for an HMAC key',
      signedText(MESSAGE, { algorithm: 'ed25519', value: ed25519Of(MESSAGE) }),
      'bad_signature',
    ],
    [
      'the signature of another message',
      signedText(MESSAGE, { value: hmacOf(platformMessage({ model_id: 'b' })) }),
      'bad_signature',
    ],
    ['a shorter HMAC', signedText(MESSAGE, { value: hmacOf(MESSAGE).slice(0, 20) }), 'bad_signature'],
    ['base64 without padding', signedText(MESSAGE, { value: hmacOf(MESSAGE).replace('=', '') }), 'bad_signature'],
  ])('refuse %s', (_, text, reason) => {
    expect(reasonOf(() => read(text))).toBe(reason);
  });

  it.each([
    ['a second message', (text: string) => text.replace('{', '{"message":"{}",')],
    ['a second message after the signature', (text: string) => text.replace(/\}$/, ',"message":"{}"}')],
    ['a second key id', (text: string) => text.replace('"key_id"', '"key_id":"platform-1","key_id"')],
    ['a second signature', (text: string) => text.replace('"signature"', '"signature":1,"signature"')],
    ['an unknown field', (text: string) => text.replace('{', '{"note":1,')],
    ['a signature that is no object', (text: string) => text.replace(/"signature":.*/, '"signature":"x"}')],
    [
      'a message that is no text',
      (text: string) => text.replace(/"message":[^]*,"signature"/, '"message":{},"signature"'),
    ],
    ['a lone surrogate in the message', () => signedText('x').replace('"x"', String.raw`"\ud800"`)],
    ['a wrapper in a wrapper', (text: string) => signedText(text)],
  ])('refuse a wrapper with %s as invalid, signed or not', (_, change) => {
    const text = change(signedText(MESSAGE));
    expect(reasonOf(() => parseMessage(Buffer.from(text), RULES))).toBe('invalid_envelope');
    expect(reasonOf(() => read(text))).toBe('invalid_envelope');
  });

  it('accept no other bytes under a wrapper in which any bit is flipped', () => {
    const wrappers = [signedText(MESSAGE), signedByPlatform(MESSAGE)].map((text) => Buffer.from(text));
    const expected = parseMessage(Buffer.from(MESSAGE), RULES).request;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...wrappers), fc.nat(), fc.nat(7), (wrapper, place, bit) => {
        const flipped = Buffer.from(wrapper);
        const at = place % flipped.length;
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
        try {
          const { request } = read(flipped);
          // Another spelling of the same text in JSON, such as \u00E9 for \u00e9.
          expect({ ...request, producer: null }).toEqual(expected);
          expect(wrappedBytes(flipped)).toBe(MESSAGE);
        } catch (error) {
          if (!(error instanceof MessageRejectedError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(1_900);
  });

  it('verify any text that JSON can hold, and no other text under its signature', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, other) => {
        const signed = { content: Buffer.from(text), keyId: 'lab-1', algorithm: 'hmac-sha256', value: hmacOf(text) };
        expect(verifySignature(signed, KEYS, NOW).name).toBe('lab');
        fc.pre(text !== other);
        expect(reasonOf(() => verifySignature({ ...signed, content: Buffer.from(other) }, KEYS, NOW))).toBe(
          'bad_signature',
        );
      }),
    );
  });

  it('give a message under another wrapper the same ids', () => {
    const flat = JSON.stringify(platformPayload({ model_id: 'größe/😀' }));
    const id = `flat-${createHash('sha1').update(flat).digest('hex')}`;
    for (const text of [flat, signedText(flat), signedByPlatform(flat), ` ${signedText(flat)}`]) {
      expect(parseMessage(Buffer.from(text), RULES).request.messageId).toBe(id);
      expect(extractIdsLeniently(Buffer.from(text))).toEqual({ messageId: id, modelId: 'größe/😀' });
    }
  });

  it('find the wrapper itself as the original message of a dead letter that is a bare message', () => {
    const element = Buffer.from(signedText(MESSAGE));
    const { originalMessage, modelId } = readDeadLetter(element);
    expect([Buffer.from(originalMessage ?? []), modelId]).toEqual([element, 'größe/😀']);
  });

  it('do not take a message with a field that is called signature for a wrapper', () => {
    const text = JSON.stringify({ ...JSON.parse(MESSAGE), message: 'hello', signature: 'me' });
    expect(parseMessage(Buffer.from(text), RULES).request.record.modelId).toBe('größe/😀');
    expect(reasonOf(() => read(text))).toBe('unsigned');
  });

  it.each([
    ['not_before', '2027-01-01', '2027-01-01T00:00:00.001Z'],
    ['expires', '2027-01-01T00:00:00.001Z', '2027-01-01'],
  ])('obey %s of a key to the millisecond', (field, valid, invalid) => {
    const withKey = (instant: string) =>
      parseMessageKeys(JSON.stringify({ keys: [{ ...HMAC_KEY.entry, [field]: instant }] }));
    expect(read(signedText(MESSAGE), withKey(valid)).request.producer).toBe('lab');
    expect(reasonOf(() => read(signedText(MESSAGE), withKey(invalid)))).toBe('bad_signature');
  });

  it('accept two keys of one producer at a time', () => {
    const secret = Buffer.alloc(32, 7);
    const next = { ...HMAC_KEY.entry, id: 'lab-2', secret: secret.toString('base64') };
    const keys = parseMessageKeys(JSON.stringify({ keys: [HMAC_KEY.entry, next] }));
    const text = signedText(MESSAGE, { key_id: 'lab-2', value: hmacOf(MESSAGE, secret) });
    expect([read(signedText(MESSAGE), keys), read(text, keys)].map(({ request }) => request.producer)).toEqual([
      'lab',
      'lab',
    ]);
  });
});

describe('allow lists', () => {
  const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
  const lists = { model_ids: ['vision-*', 'größe/*'], contributors: [ADDRESS.toLowerCase()] };

  it.each([
    [{ model_id: 'vision-1', contributor_address: ADDRESS }, 'accepted'],
    [{ model_id: 'vision-1', contributor_address: null }, 'accepted'],
    [{ model_id: 'audio-1', contributor_address: ADDRESS }, 'not_allowed'],
    [{ model_id: 'vision-1', contributor_address: `0x${'12'.repeat(20)}` }, 'not_allowed'],
    [{ model_id: 'vision-1', model_supplier_recipient: `0x${'12'.repeat(20)}` }, 'not_allowed'],
  ])('bind the producer and, as settings, everyone: %j is %s', (payload, verdict) => {
    const message = platformMessage(payload);
    const keys = parseMessageKeys(keyFile({ lab: lists }));
    expect(reasonOf(() => read(signedText(message), keys))).toBe(verdict);
    expect(reasonOf(() => read(signedByPlatform(message), keys))).toBe('accepted');
    const allow = { modelIds: lists.model_ids, contributors: new Set(lists.contributors) };
    expect(reasonOf(() => parseMessage(Buffer.from(message), { ...RULES, allow }))).toBe(verdict);
  });

  it('match patterns as regular expressions with .* would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (value, pattern) => {
        const expression = new RegExp(`^${pattern.split('*').map(RegExpEscape).join('[^]*')}$`);
        expect(matchesPattern(value, pattern)).toBe(expression.test(value));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('parseMessageKeys', () => {
  const { entry } = HMAC_KEY;
  it.each([
    ['text that is not JSON', '{', 'the file must be a JSON object'],
    ['no keys', '{"keys":[]}', 'keys must be a list'],
    ['a key twice', JSON.stringify({ keys: [entry, entry] }), 'key lab-1 must be in the file once'],
    ['a short secret', JSON.stringify({ keys: [{ ...entry, secret: 'c2hvcnQ=' }] }), 'at least 32 bytes'],
    [
      'an Ed25519 key as a secret',
      JSON.stringify({ keys: [{ ...entry, algorithm: 'ed25519' }] }),
      'must have a public_key of 32 bytes',
    ],
    ['another algorithm', JSON.stringify({ keys: [{ ...entry, algorithm: 'rsa' }] }), 'hmac-sha256 or ed25519'],
    ['a misspelled field', JSON.stringify({ keys: [{ ...entry, expire: '2027-01-01' }] }), 'no other fields'],
    ['a misspelled limit', keyFile({ lab: { tokens_per_minute: 1 } }), 'no other fields'],
    ['a budget of 0', keyFile({ lab: { tokens_per_day: 0 } }), 'tokens_per_day of the producer lab'],
    ['a time without a zone', JSON.stringify({ keys: [{ ...entry, expires: '2027-01-01T00:00' }] }), 'in UTC'],
    ['a contributor that is no address', keyFile({ lab: { contributors: ['x'] } }), 'must be addresses'],
  ])('refuses %s, and quotes no secret', (_, text, expectation) => {
    expect(() => parseMessageKeys(text)).toThrow(expectation);
    expect(() => parseMessageKeys(text)).not.toThrow(entry.secret);
  });
});

function wrappedBytes(wrapper: Buffer): unknown {
  const json: unknown = JSON.parse(wrapper.toString());
  return isJsonObject(json) ? wrappedText(json) : null;
}

function RegExpEscape(text: string): string {
  return text.replaceAll('.', String.raw`\.`);
}
