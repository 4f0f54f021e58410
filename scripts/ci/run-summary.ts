import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

const SLOWEST = 10;
/** What a failure may depend on. */
const VARIABLES = [
  'ANSWER_SHAPES',
  'CRASH_MATRIX',
  'CRASH_ROUNDS',
  'CHAOS_SEED',
  'PROPERTY_SEED',
  'REORG_STEPS',
  'SLOT_RUNS',
];

/** A test, or a file when the file itself failed. */
export interface FailedTest {
  readonly project: string;
  /** Relative to the root. */
  readonly file: string;
  /** Names of the suites and of the test, outermost first. */
  readonly names: readonly string[];
}

export interface FileTime {
  readonly file: string;
  readonly ms: number;
}

/** Prints how to run each failed test alone, and which files took longest, below what the other reporters print. */
export default class RunSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const failed = modules.flatMap(failuresIn);
    const commands = failed.map((test) => `   ${rerunCommand(test, process.env)}\n`);
    if (commands.length > 0) process.stdout.write(`\n Run a failed test alone:\n${commands.join('')}`);
    const times = modules.map((module) => ({ file: module.relativeModuleId, ms: timeOf(module) }));
    if (times.length > 1) process.stdout.write(`\n Slowest files:\n${slowest(times).map(lineOf).join('')}`);
  }
}

/** A command for the shell that runs this test alone, with the variables that its outcome may depend on. */
export function rerunCommand({ project, file, names }: FailedTest, environment: NodeJS.ProcessEnv): string {
  const variables = VARIABLES.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [`${name}=${quoted(value)}`];
  });
  const pattern = names.length === 0 ? [] : ['-t', quoted(`^${escaped(names.join(' '))}$`)];
  return [...variables, 'npx vitest run --project', project, quoted(file), ...pattern].join(' ');
}

/** @returns the ten that took longest, longest first */
export function slowest(times: readonly FileTime[]): readonly FileTime[] {
  return times.toSorted((one, other) => other.ms - one.ms).slice(0, SLOWEST);
}

function failuresIn(module: TestModule): readonly FailedTest[] {
  const place = { project: module.project.name, file: module.relativeModuleId };
  const tests = [...module.children.allTests('failed')].map((test) => ({ ...place, names: namesOf(test) }));
  return tests.length === 0 && module.state() === 'failed' ? [{ ...place, names: [] }] : tests;
}

function namesOf({ name, parent }: TestCase | TestSuite): readonly string[] {
  return parent.type === 'suite' ? [...namesOf(parent), name] : [name];
}

/** From the first line that is loaded to the last hook. */
function timeOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return collectDuration + duration;
}

function lineOf({ file, ms }: FileTime): string {
  return `   ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
