import { parseArgs } from 'node:util';

const BENCHMARK_NAMES = ['gas', 'deploy', 'queue', 'latency', 'footprint'] as const;
export type BenchmarkName = (typeof BENCHMARK_NAMES)[number];

/** How blocks come: one for each transaction at once, or one every so many seconds. */
const BLOCKS = ['instant', '1', '12'] as const;
export type Block = (typeof BLOCKS)[number];

/** The contracts that `deploy` is measured with. */
const BACKENDS = ['factory', 'token-manager'] as const;
type Backend = (typeof BACKENDS)[number];

/** Whose the registry of the `token-manager` is. */
const REGISTRIES = ['governance', 'own'] as const;
export type Registry = (typeof REGISTRIES)[number];

/** Tokens of these contracts cost fifty times as much gas: fewer make as many blocks. */
const MESSAGES: Readonly<Record<Backend, string>> = { factory: '5000', 'token-manager': '90' };

/** What the command line asks for. */
export interface BenchOptions {
  readonly names: readonly BenchmarkName[];
  readonly json: boolean;
  /** Null: as many as the benchmark itself thinks good. */
  readonly runs: number | null;
  /** Of `deploy`. */
  readonly messages: number;
  readonly blocks: readonly Block[];
  /** Null: as many as the benchmark itself thinks good. */
  readonly keys: number | null;
  readonly backend: Backend;
  readonly registries: readonly Registry[];
  /** Of `latency`. */
  readonly seconds: number;
}

const USAGE = `npm run bench -- ${BENCHMARK_NAMES.join('|')}|all [--json] [--runs n] [--messages n] [--block ${BLOCKS.join('|')}] [--keys n] [--backend ${BACKENDS.join('|')}] [--registry ${REGISTRIES.join('|')}] [--seconds n]`;

/** @throws Error with one sentence for arguments that make no sense */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      runs: { type: 'string' },
      messages: { type: 'string' },
      block: { type: 'string' },
      keys: { type: 'string' },
      backend: { type: 'string', default: 'factory' },
      registry: { type: 'string' },
      seconds: { type: 'string', default: '30' },
    },
  });
  const backend = oneOf(BACKENDS, values.backend);
  return {
    names: namesOf(positionals),
    json: values.json,
    runs: values.runs === undefined ? null : count('runs', values.runs, 1_000),
    messages: count('messages', values.messages ?? MESSAGES[backend], 1_000_000),
    blocks: values.block === undefined ? BLOCKS : [oneOf(BLOCKS, values.block)],
    keys: values.keys === undefined ? null : count('keys', values.keys, 3),
    backend,
    registries: values.registry === undefined ? REGISTRIES : [oneOf(REGISTRIES, values.registry)],
    seconds: count('seconds', values.seconds, 3_600),
  };
}

function namesOf(positionals: readonly string[]): readonly BenchmarkName[] {
  if (positionals.length === 0) throw new Error(USAGE);
  if (positionals.includes('all')) return BENCHMARK_NAMES;
  return positionals.map((name) => oneOf(BENCHMARK_NAMES, name));
}

function oneOf<T extends string>(choices: readonly T[], word: string): T {
  const choice = choices.find((candidate) => candidate === word);
  if (choice === undefined) throw new Error(`'${word}' is none of ${choices.join(', ')}.\n${USAGE}`);
  return choice;
}

function count(name: string, word: string, most: number): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} wants a whole number from 1 to ${most}.`);
}
