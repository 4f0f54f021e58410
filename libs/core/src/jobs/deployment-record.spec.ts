import { describe, expect, it } from 'vitest';
import { type DeploymentRecord, recordFingerprint, tokenName } from './deployment-record.js';

const RECORD: DeploymentRecord = {
  modelId: '21',
  tokenSymbol: 'msg-ai',
  metricName: 'accuracy',
  baselineValue: 800n,
  currentValue: 850n,
  contributor: '0x742D35cc6634C0532925A3B844BC9E7595f62341',
};

describe('recordFingerprint', () => {
  it('is equal for equal records when address case differs', () => {
    const contributor = '0x742d35cc6634c0532925a3b844bc9e7595f62341';
    expect(recordFingerprint({ ...RECORD, contributor })).toBe(recordFingerprint(RECORD));
  });

  it.each<[string, Partial<DeploymentRecord>]>([
    ['model', { modelId: '021' }],
    ['symbol', { tokenSymbol: 'MSG-AI' }],
    ['metric', { metricName: 'f1' }],
    ['baseline', { baselineValue: 801n }],
    ['current value', { currentValue: -850n }],
    ['contributor', { contributor: null }],
    ['model that quotes the next field', { modelId: '21","msg-ai', tokenSymbol: '' }],
  ])('differs for another %s', (_what, change) => {
    expect(recordFingerprint({ ...RECORD, ...change })).not.toBe(recordFingerprint(RECORD));
  });
});

it('builds the token name from the unchanged symbol', () => {
  expect(tokenName(RECORD)).toBe('Hokusai msg-ai');
});
