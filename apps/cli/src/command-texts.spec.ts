import { describe, expect, it } from 'vitest';
import type { VerificationReport, RebuildReport } from '#reconciliation';
import { HoldError } from '#core';
import { formatReport } from './verify-ledger/verify-ledger.formatter.js';
import { formatError } from './format-error.js';
import { eventPolicyOf, fromBlockOf } from './rebuild-ledger/rebuild-ledger.options.js';
import { isIncomplete, formatRebuild } from './rebuild-ledger/rebuild-ledger.formatter.js';

const CLEAN: VerificationReport = {
  disagreements: [],
  omitted: 0,
  byCode: {},
  counts: { jobs: 2, tokens: 2, foreignTokens: 0, lanes: 1, slots: 0, leases: 0, messages: 0, events: 2 },
  finalBlock: 7,
};

describe('formatReport', () => {
  it('prints counts when there is no discrepancy', () => {
    expect(formatReport(CLEAN).split('\n')).toEqual([
      '2 jobs, 2 tokens (0 of other deployers) up to block 7, 1 lanes with 0 open slots, 0 messages, 0 leases, 2 events',
      'no discrepancy',
    ]);
  });

  it('prints one escaped line per discrepancy, then the meaning of each code', () => {
    const disagreements = [{ code: 'event-missing', subject: 'model a\nb\u001b[31m', detail: 'token 0x1' }] as const;
    const text = formatReport({ ...CLEAN, disagreements, omitted: 4, byCode: { 'event-missing': 5 } });
    expect(text.split('\n').slice(0, 4)).toEqual([
      'event-missing  model a%0Ab%1B[31m  token 0x1',
      'and 4 more',
      '',
      'event-missing  5  the job is deployed and its event is not known to be published',
    ]);
    expect(text.endsWith('5 discrepancies')).toBe(true);
  });
});

function lane(outcome: 'held' | 'waiting' | 'ahead') {
  return { lane: '0x1', outcome, detail: '' };
}

describe('formatRebuild', () => {
  const report: RebuildReport = {
    dryRun: false,
    finalBlock: 7,
    tokens: 3,
    foreignTokens: 1,
    restored: 2,
    present: 0,
    open: 0,
    published: 2,
    eventsMissing: 0,
    differing: [],
    adoptable: 0,
    adoptableModels: [],
    unadoptable: [],
    lanes: [{ lane: '0x1', outcome: 'set', detail: 'journal empty' }],
  };

  it('prints counts, lanes and models', () => {
    const text = formatRebuild({ ...report, differing: ['a\rb'] });
    expect(text).toMatch(/^jobs restored +2$/m);
    expect(text).toMatch(/^lane 0x1 {2}set {2}journal empty$/m);
    expect(text).toMatch(/^differs {2}model a%0Db$/m);
    expect(formatRebuild({ ...report, dryRun: true })).toMatch(/^jobs to restore +2$/m);
  });

  it('lists adoptable and unadoptable models', () => {
    const text = formatRebuild({ ...report, adoptable: 3, adoptableModels: ['21', '2\n2'], unadoptable: ['23'] });
    expect(text).toMatch(/^tokens that wait for their message +3$/m);
    expect(text).toMatch(/^adoptable {2}model 21\nadoptable {2}model 2%0A2\nand 1 more\nunadoptable {2}model 23$/m);
  });

  it('is incomplete when a job differs or a lane waits', () => {
    expect(isIncomplete(report)).toBe(false);
    expect(isIncomplete({ ...report, lanes: [lane('held')] })).toBe(false);
    expect(isIncomplete({ ...report, lanes: [lane('waiting')] })).toBe(true);
    expect(isIncomplete({ ...report, lanes: [lane('ahead')] })).toBe(true);
    expect(isIncomplete({ ...report, differing: ['a'] })).toBe(true);
    expect(isIncomplete({ ...report, adoptable: 1, adoptableModels: ['21'] })).toBe(false);
    expect(isIncomplete({ ...report, unadoptable: ['21'] })).toBe(true);
  });
});

describe('Options of ledger:rebuild', () => {
  it('select one event policy', () => {
    expect(eventPolicyOf({ publish: false, published: false })).toBe('later');
    expect(eventPolicyOf({ publish: true, published: false })).toBe('publish');
    expect(eventPolicyOf({ publish: false, published: true })).toBe('published');
    expect(() => eventPolicyOf({ publish: true, published: true })).toThrow(/contradict/);
  });

  it('parse a block number', () => {
    expect(fromBlockOf('1200')).toBe(1_200);
    expect(() => fromBlockOf('latest')).toThrow(/block number/);
  });
});

it('formatError prints a message for operator errors and a stack for bugs', () => {
  expect(formatError(new HoldError('rpc_unavailable', 'no RPC endpoint answers'))).toBe('no RPC endpoint answers');
  expect(formatError(new TypeError('ours'))).toContain('command-texts.spec');
  expect(formatError('no error')).toBe('the command failed');
});
