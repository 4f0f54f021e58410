import { describe, expect, it } from 'vitest';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { tokenManagerTokenName, MODEL_ID_RULE } from './token-manager-contracts.js';

const LARGEST = 2n ** 256n - 1n;

describe('MODEL_ID_RULE', () => {
  it.each(['1', '9', '10', '21', String(2n ** 64n), String(LARGEST)])('accepts %s', (modelId) => {
    expect(MODEL_ID_RULE.accepts(modelId)).toBe(true);
  });

  it.each([
    '',
    '0',
    '021',
    '-1',
    '+1',
    '1.0',
    '1e3',
    ' 1',
    '1 ',
    '1\n',
    '0x1',
    '٣',
    'a',
    String(LARGEST + 1n),
    '9'.repeat(79),
  ])('rejects "%s"', (modelId) => {
    expect(MODEL_ID_RULE.accepts(modelId)).toBe(false);
  });

  it('names the token after the model id', () => {
    expect(tokenManagerTokenName(aDeploymentJob('21').request.record)).toBe('Hokusai 21');
  });
});
