import { describe, expect, it } from 'vitest';
import { countTests } from './test-report.js';

const file = (status: string, ...tests: string[]): object => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = (...files: object[]): string => JSON.stringify({ testResults: files });

describe('countTests', () => {
  it('counts passed and failed tests of all files, and no skipped one', () => {
    const text = report(file('passed', 'passed', 'passed', 'pending'), file('failed', 'failed', 'failed', 'passed'));

    expect(countTests(text, 1)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a file that failed outside its tests as one failure', () => {
    expect(countTests(report(file('failed'), file('failed', 'passed')), 1)).toEqual({ passed: 1, failed: 2 });
  });

  it('counts a run that failed although every test passed as one failure', () => {
    expect(countTests(report(file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it.each([
    ['that never wrote its report', null, 1],
    ['without a single test', report(), 0],
  ])('counts a run %s as one failure', (_what, text, exit) => {
    expect(countTests(text, exit)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a good run as no failure', () => {
    expect(countTests(report(file('passed', 'passed')), 0)).toEqual({ passed: 1, failed: 0 });
  });
});
