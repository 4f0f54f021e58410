import { parseArgs } from 'node:util';

const BENCHMARK_NAMES = ['gas', 'deploy', 'queue', 'latency', 'footprint', 'rpc'] as const;
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

/** How the service of `rpc` learns of new heads. */
const HEADS = ['polled', 'pushed'] as const;
export type Heads = (typeof HEADS)[number];

/**
 * What a backend is measured with. Tokens of the TokenManager cost fifty times as much gas: fewer make as many blocks, and
 * only blocks by the clock tell how full they are.
 */
const DEFAULTS: Readonly<Record<Backend, { readonly messages: number; readonly blocks: readonly Block[] }>> = {
  factory: { messages: 5_000, blocks: BLOCKS },
  'token-manager': { messages: 90, blocks: ['1', '12'] },
};

/** One backend, and how `deploy` is measured with it. */
export interface BackendRuns {
  readonly backend: Backend;
  readonly messages: number;
  readonly blocks: readonly Block[];
}

/** What the command line asks for. */
export interface BenchOptions {
  readonly names: readonly BenchmarkName[];
  readonly json: boolean;
  /** Null: as many as the benchmark itself thinks good. */
  readonly runs: number | null;
  /** Of `deploy`. */
  readonly backends: readonly BackendRuns[];
  /** Null: as many as the benchmark itself thinks good. */
  readonly keys: number | null;
  readonly registries: readonly Registry[];
  /** Of `latency`, and of the idle time of `rpc`. Null: as many as the benchmark itself thinks good. */
  readonly seconds: number | null;
  readonly heads: readonly Heads[];
}

const USAGE = `npm run bench -- ${BENCHMARK_NAMES.join('|')}|all [--json] [--runs n] [--messages n] [--block ${BLOCKS.join('|')}] [--keys n] [--backend ${BACKENDS.join('|')}] [--registry ${REGISTRIES.join('|')}] [--heads ${HEADS.join('|')}] [--seconds n]`;

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
      backend: { type: 'string' },
      registry: { type: 'string' },
      heads: { type: 'string' },
      seconds: { type: 'string' },
    },
  });
  return {
    names: namesOf(positionals),
    json: values.json,
    runs: values.runs === undefined ? null : count('runs', values.runs, 1_000),
    backends: backendsOf(values),
    keys: values.keys === undefined ? null : count('keys', values.keys, 3),
    registries: values.registry === undefined ? REGISTRIES : [parseChoice(REGISTRIES, values.registry)],
    seconds: values.seconds === undefined ? null : count('seconds', values.seconds, 3_600),
    heads: values.heads === undefined ? HEADS : [parseChoice(HEADS, values.heads)],
  };
}

interface DeployArguments {
  readonly backend?: string;
  readonly messages?: string;
  readonly block?: string;
}

/** Both without `--backend`; then `--messages` is of the factory, whose thousands would take the TokenManager hours. */
function backendsOf({ backend, messages, block }: DeployArguments): readonly BackendRuns[] {
  const asked = backend === undefined ? BACKENDS : [parseChoice(BACKENDS, backend)];
  const counted = backend === undefined ? 'factory' : asked[0];
  if (backend === 'token-manager' && block === 'instant')
    throw new Error('The TokenManager is measured in blocks of 1 s or 12 s.');
  return asked.map((each) => ({
    backend: each,
    messages:
      messages === undefined || each !== counted ? DEFAULTS[each].messages : count('messages', messages, 1_000_000),
    blocks: block === undefined ? DEFAULTS[each].blocks : [parseChoice(BLOCKS, block)],
  }));
}

function namesOf(positionals: readonly string[]): readonly BenchmarkName[] {
  if (positionals.length === 0) throw new Error(USAGE);
  if (positionals.includes('all')) return BENCHMARK_NAMES;
  return positionals.map((name) => parseChoice(BENCHMARK_NAMES, name));
}

function parseChoice<T extends string>(choices: readonly T[], word: string): T {
  const choice = choices.find((candidate) => candidate === word);
  if (choice === undefined) throw new Error(`'${word}' is none of ${choices.join(', ')}.\n${USAGE}`);
  return choice;
}

function count(name: string, word: string, most: number): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} wants a whole number from 1 to ${most}.`);
}
