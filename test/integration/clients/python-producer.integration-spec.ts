import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { MessageRejectedError } from '#core';
import { parseMessage } from '#messages';
import { generatedMessages } from '../../support/fixtures/generated-messages.fixture.js';
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
    const { program, env } = python;
    return await new Promise((resolve, reject) => {
      const options = { env, maxBuffer: 64 << 20 };
      const child = execFile(program, ['test/integration/clients/verdicts.py'], options, (error, stdout) => {
        if (error) reject(error);
        else
          resolve(
            stdout
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as Verdict),
          );
      });
      // The exit code says what went wrong.
      child.stdin?.once('error', () => undefined);
      child.stdin?.end(messages.map((bytes) => `${bytes.toString('base64')}\n`).join(''));
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

  it('says which field breaks which rule', async () => {
    const verdicts = await verdictsOn([Buffer.from('{"model_id":"a"}'), Buffer.from('7'), Buffer.from([0xff])]);
    expect(verdicts.map(({ problem }) => problem)).toEqual([
      "The message: 'token_symbol' is a required property",
      "The message: 7.0 is not of type 'object'",
      'The message must be JSON in UTF-8.',
    ]);
  });
});
