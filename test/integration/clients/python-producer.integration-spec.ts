import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { MessageRejectedError } from '#core';
import { parseMessage, parseMessageKeys, type SignedMessage, verifySignature } from '#messages';
import { signMessage } from '../../../clients/typescript/src/index.js';
import { generatedMessages } from '../../support/fixtures/generated-messages.fixture.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { type PythonEnvironment, pythonEnvironment } from '../../support/process/python-environment.js';

const MESSAGES = 2_000;
const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

/** What Python says of one message. */
interface Verdict {
  /** Of the producer; null for a message that it would push. */
  readonly problem: string | null;
  /** Whether the schema accepts it for a validator that knows none of its own keywords. */
  readonly standard?: boolean;
  /** Whether the pydantic models accept it. */
  readonly models?: boolean;
}

/** What Python signs of one text, with its keys in base64, and whether it verifies the signatures beside the text. */
interface Signed {
  readonly secret: string;
  readonly public_key: string;
  readonly verified: boolean;
  readonly signed: readonly string[];
}

/** Warnings of the service for a message that it accepts; null for one that it refuses. */
function warningsOf(bytes: Uint8Array): readonly string[] | null {
  try {
    return parseMessage(bytes, RULES).request.warnings;
  } catch (error) {
    if (error instanceof MessageRejectedError) return null;
    throw error;
  }
}

describe('the Python producer', () => {
  let python: PythonEnvironment;
  beforeAll(async () => {
    python = await pythonEnvironment();
  });

  async function verdictsOn(messages: readonly Buffer[]): Promise<readonly Verdict[]> {
    return await run<Verdict>(
      'verdicts.py',
      messages.map((bytes) => bytes.toString('base64')),
    );
  }

  /** What the program answers to each line, one JSON text a line. */
  async function run<T>(file: string, lines: readonly string[]): Promise<readonly T[]> {
    const { program, env } = python;
    return await new Promise((resolve, reject) => {
      const options = { env, maxBuffer: 64 << 20 };
      const child = execFile(program, [`test/integration/clients/${file}`], options, (error, stdout) => {
        if (error) reject(error);
        else
          resolve(
            stdout
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as T),
          );
      });
      // The exit code says what went wrong.
      child.stdin?.once('error', () => undefined);
      child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
    });
  }

  it('gives the verdict of the service on every message', async () => {
    const messages = generatedMessages(MESSAGES);
    const verdicts = await verdictsOn(messages);
    expect(verdicts).toHaveLength(MESSAGES);
    const judged = messages.map((bytes, index) => {
      const warnings = warningsOf(bytes);
      const { problem = 'no verdict', standard, models } = verdicts[index] ?? {};
      return { text: bytes.toString(), warnings, problem, standard, models };
    });
    expect(judged.filter(({ warnings, problem }) => (warnings === null) !== (problem !== null))).toEqual([]);
    const accepted = judged.filter(({ warnings }) => warnings !== null);
    expect(accepted.length).toBeGreaterThan(MESSAGES / 5);
    expect(accepted.filter(({ standard }) => standard !== true)).toEqual([]);
    // The models have no place for a value that the service ignores.
    expect(accepted.filter(({ warnings, models }) => warnings?.length === 0 && models !== true)).toEqual([]);
  });

  it('signs as the service verifies, and verifies what the TypeScript producer signs', async () => {
    const texts = [platformMessage(), platformMessage({ model_id: 'größe/😀', tags: { a: '"\\\u2028\n' } }), ''];
    const pair = generateKeyPairSync('ed25519');
    const secret = randomBytes(32);
    const lines = texts.map((text) => ({
      text,
      public_key: Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64'),
      secret: secret.toString('base64'),
      ed25519: signMessage(text, { id: 'e', algorithm: 'ed25519', privateKey: pair.privateKey }).signature.value,
      hmac: signMessage(text, { id: 'h', algorithm: 'hmac-sha256', secret }).signature.value,
    }));
    const answers = await run<Signed>(
      'sign.py',
      lines.map((line) => JSON.stringify(line)),
    );
    expect(answers.map(({ verified }) => verified)).toEqual([true, true, true]);
    for (const [index, { secret: known, public_key, signed }] of answers.slice(0, 2).entries()) {
      const keys = parseMessageKeys(
        JSON.stringify({
          keys: [
            { id: 'hmac', producer: 'a', algorithm: 'hmac-sha256', secret: known },
            { id: 'ed25519', producer: 'b', algorithm: 'ed25519', public_key },
          ],
        }),
      );
      const identify = (message: SignedMessage | null) => ({
        producer: verifySignature(message, keys, Date.UTC(2027, 0)),
        problem: null,
      });
      const { request } = parseMessage(Buffer.from(texts[index] ?? ''), RULES);
      const requests = signed.map((text) => parseMessage(Buffer.from(text), RULES, identify).request);
      expect(requests).toEqual([
        { ...request, producer: 'a' },
        { ...request, producer: 'b' },
      ]);
    }
  });

  it('says which field breaks which rule', async () => {
    const verdicts = await verdictsOn([Buffer.from('{"model_id":"a"}'), Buffer.from('7'), Buffer.from([0xff])]);
    expect(verdicts.map(({ problem }) => problem)).toEqual([
      "The message: 'token_symbol' is a required property",
      "The message: 7.0 is not of type 'object'",
      'The message must be JSON in UTF-8.',
    ]);
  });
});
