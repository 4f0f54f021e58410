import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { KEYWORDS } from '../../clients/typescript/src/keywords.js';
import { MessageChecker } from '../../clients/typescript/src/index.js';
import { MESSAGE_SCHEMA } from '../../clients/typescript/src/message.js';
import { generatedMessages } from '../../test/support/fixtures/generated-messages.fixture.js';
import { MessageRejectedError } from '#core';
import { parseMessage } from '#messages';

const MESSAGES = 4_000;
const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };
/** What a schema cannot see: the text of the message. */
const OF_THE_TEXT = new Set(['too_large', 'invalid_encoding', 'invalid_json']);

/** The reason for which the service refuses the message; null when it accepts it. */
function refusal(bytes: Uint8Array): string | null {
  try {
    parseMessage(bytes, RULES);
    return null;
  } catch (error) {
    if (error instanceof MessageRejectedError) return error.reason;
    throw error;
  }
}

describe('the schema of the message', () => {
  const messages = generatedMessages(MESSAGES).map((bytes) => ({ bytes, reason: refusal(bytes) }));
  const readable = messages.filter(({ reason }) => reason === null || !OF_THE_TEXT.has(reason));
  const standard = new Ajv2020({ strict: false, ownProperties: true }).compile(MESSAGE_SCHEMA);
  const complete = new Ajv2020({ allErrors: true, ownProperties: true, allowUnionTypes: true, keywords: [...KEYWORDS] });

  it('is tried with messages of every kind', () => {
    const accepted = messages.filter(({ reason }) => reason === null).length;
    expect(accepted).toBeGreaterThan(MESSAGES / 5);
    expect(messages.length - accepted).toBeGreaterThan(MESSAGES / 5);
  });

  it('accepts and refuses what the service does', () => {
    const validate = complete.compile(MESSAGE_SCHEMA);
    const wrong = readable.filter(({ bytes, reason }) => validate(JSON.parse(bytes.toString())) !== (reason === null));
    expect(wrong.map(({ bytes, reason }) => `${reason} ${bytes.toString()}`)).toEqual([]);
  });

  it('refuses nothing that the service accepts when its own keywords are not known', () => {
    const wrong = readable.filter(({ bytes, reason }) => reason === null && !standard(JSON.parse(bytes.toString())));
    expect(wrong.map(({ bytes }) => bytes.toString())).toEqual([]);
  });

  it('accepts beyond the service, when its own keywords are not known, what these keywords name', () => {
    const validate = complete.getSchema(MESSAGE_SCHEMA.$id) ?? complete.compile(MESSAGE_SCHEMA);
    const beyond = readable.filter(({ bytes, reason }) => reason !== null && standard(JSON.parse(bytes.toString())));
    const named = beyond.map(({ bytes }) => {
      const accepted = validate(JSON.parse(bytes.toString()));
      return (accepted === true ? [] : (validate.errors ?? [])).map(({ keyword }) => keyword).filter((keyword) => keyword.startsWith('x-'));
    });
    expect(named.filter((keywords) => keywords.length === 0)).toEqual([]);
    const refusing = ['x-asNumber', 'x-checksum', 'x-fixedPoint', 'x-improvement', 'x-maxBytes', 'x-normalForm'];
    expect([...new Set(named.flat())].toSorted()).toEqual(refusing);
  });

  it('gives the TypeScript producer the verdict of the service', () => {
    const checker = new MessageChecker();
    const wrong = messages.filter(({ bytes, reason }) => checker.check(bytes).accepted !== (reason === null));
    expect(wrong.map(({ bytes, reason }) => `${reason} ${bytes.toString()}`)).toEqual([]);
  });
});
