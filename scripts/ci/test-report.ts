/** What .ci/run counts. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts the tests of vitest's JSON report. A file that failed outside its tests (it does not compile, a hook threw)
 * is one failure more, and so is a run that failed although nothing in the report did.
 *
 * @param report null when the run did not get as far as writing it
 * @param exitCode of the test run
 */
export function countTests(report: string | null, exitCode: number): TestCounts {
  const files = report === null ? [] : resultsOf(parseObject(report)['testResults']);
  const tests = files.map((file) => ({ file, results: resultsOf(file['assertionResults']) }));
  const passed = sum(tests.map(({ results }) => results.filter(({ status }) => status === 'passed').length));
  const failed = sum(
    tests.map(({ file, results }) => {
      const failures = results.filter(({ status }) => status === 'failed').length;
      return failures === 0 && file['status'] === 'failed' ? 1 : failures;
    }),
  );
  const nothingRan = passed + failed === 0;
  return { passed, failed: failed === 0 && (exitCode !== 0 || nothingRan) ? 1 : failed };
}

function parseObject(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json);
  return isObject(value) ? value : {};
}

function resultsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
