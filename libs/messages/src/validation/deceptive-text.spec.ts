import { describe, expect, it } from 'vitest';
import { platformMessage } from '../../../../test/support/fixtures/platform-message.fixture.js';
import { MessageRejectedError } from '#core';
import { parseMessage } from '../index.js';

const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

const parse = (payload: Readonly<Record<string, unknown>>, envelope = {}) =>
  parseMessage(Buffer.from(platformMessage(payload, envelope)), RULES);

function rejectionOf(payload: Readonly<Record<string, unknown>>, envelope = {}): string {
  try {
    parse(payload, envelope);
  } catch (error) {
    if (error instanceof MessageRejectedError) return `${error.reason}: ${error.message}`;
    throw error;
  }
  throw new Error('the message was accepted');
}

describe('a deceptive text', () => {
  it.each([
    ['   ', 'not consist of spaces only (U+0020)'],
    ['\u3000', 'not consist of spaces only (U+3000)'],
    ['MSG\u200B', 'not contain U+200B ZERO WIDTH SPACE'],
    ['\u202EIA-GSM', 'not contain U+202E RIGHT-TO-LEFT OVERRIDE'],
    ['A\u2066B', 'not contain U+2066 LEFT-TO-RIGHT ISOLATE'],
    ['\uFEFFMSG', 'not contain U+FEFF ZERO WIDTH NO-BREAK SPACE'],
    ['\u3164', 'not contain U+3164 HANGUL FILLER'],
    ['A\u{E0041}', 'not contain U+E0041 FORMAT CHARACTER'],
    ['Cafe\u0301', 'be in Unicode normal form NFC: U+00E9 in place of U+0065 U+0301'],
    ['\u212B', 'be in Unicode normal form NFC: U+00C5 in place of U+212B'],
  ])('%j is rejected by name', (text, expectation) => {
    for (const field of ['model_id', 'token_symbol', 'metric_name']) {
      expect(rejectionOf({ [field]: text })).toContain(`invalid_field: payload.${field} must ${expectation}, got "`);
    }
    expect(rejectionOf({}, { message_id: text })).toContain(`invalid_envelope: message_id must ${expectation}, got "`);
  });

  it.each(['Café', '模型', 'α β', '🦊', 'हिन्दी', ' x '])('%j is not', (text) => {
    expect(parse({ model_id: text, token_symbol: text }).request.record).toMatchObject({
      modelId: text,
      tokenSymbol: text,
    });
  });
});

describe('a wrong field that the chain does not depend on', () => {
  it('is ignored with a warning that names it', () => {
    const { request } = parse({ tags: { team: 'nlp', stars: 5 }, experiment_name: 7, model_name: null });
    expect(request.modelName).toBeNull();
    expect(request.warnings).toEqual([
      'payload.model_name must be a string of 0 to 1024 bytes, got null. The field is ignored.',
      'payload.experiment_name must be a string, got 7. The field is ignored.',
      'payload.tags must be a JSON object whose values are strings (the value of "stars" is 5), got an object. The field is ignored.',
    ]);
  });

  it.each([
    ['mlflow_run_id', 'x'.repeat(256), 'mlflowRunId'],
    ['model_version', 'x'.repeat(1_025), 'modelVersion'],
    ['model_version', null, 'modelVersion'],
  ] as const)('is null in the request: %s %j', (field, value, property) => {
    const { request } = parse({ [field]: value });
    expect(request[property]).toBeNull();
    expect(request.warnings).toEqual([expect.stringMatching(`^payload.${field} must be a string of 0 to`)]);
  });

  it('is rejected as before when the key is missing or of another type', () => {
    expect(rejectionOf({ model_version: undefined })).toContain('payload.model_version must be a string');
    expect(rejectionOf({ model_version: 3 })).toContain('payload.model_version must be a string, got 3.');
    expect(rejectionOf({ mlflow_run_id: 3 })).toContain('payload.mlflow_run_id must be a string, got 3.');
  });

  it('leaves no warning when nothing is wrong', () => {
    expect(parse({}).request.warnings).toEqual([]);
  });
});
