import solc from 'solc';
import type { Sources } from './sources.js';

/** What the compiler says about one contract, reduced to what is used here. */
interface CompiledContract {
  readonly abi: readonly unknown[];
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: {
      readonly object: string;
      /** Positions by the id of the variable's declaration. */
      readonly immutableReferences: Readonly<Record<string, unknown>>;
    };
  };
}

export interface Compilation {
  /** Standard JSON, complete: a block explorer verifies the contracts with it. */
  readonly input: unknown;
  readonly contracts: ReadonlyMap<string, CompiledContract>;
  /** Names of the state variables of our contracts by the id of their declaration. */
  readonly variableNames: ReadonlyMap<string, string>;
}

interface Declaration {
  readonly id: number;
  readonly name?: string;
  readonly nodes?: readonly Declaration[];
}

interface CompilerOutput {
  readonly errors?: readonly { readonly errorCode: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
  readonly sources: Readonly<Record<string, { readonly ast: Declaration }>>;
}

/** "Transient storage … can break composability": every word that is read was written by the same creation. */
const ACCEPTED_WARNINGS = new Set(['2394']);

const SETTINGS = {
  evmVersion: 'cancun',
  viaIR: true,
  optimizer: { enabled: true, runs: 1000000 },
  outputSelection: {
    '*': {
      '': ['ast'],
      '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
    },
  },
};

/** @throws Error with the compiler's messages when there is any error or unexpected warning */
export function compile(sources: Sources): Compilation {
  const input = { language: 'Solidity', sources, settings: SETTINGS };
  const output = runCompiler(JSON.stringify(input));
  const complaints = (output.errors ?? []).filter(({ errorCode }) => !ACCEPTED_WARNINGS.has(errorCode));
  if (complaints.length > 0) throw new Error(complaints.map((one) => one.formattedMessage).join('\n'));
  return {
    input,
    contracts: new Map(ownOf(output.contracts).flatMap((contracts) => Object.entries(contracts))),
    variableNames: new Map(
      ownOf(output.sources)
        .flatMap(({ ast }) => ast.nodes ?? [])
        .flatMap(({ nodes }) => nodes ?? [])
        .map(({ id, name }) => [String(id), name ?? '']),
    ),
  };
}

function ownOf<T>(bySource: Readonly<Record<string, T>>): T[] {
  return Object.entries(bySource).flatMap(([name, one]) => (name.startsWith('hokusai/') ? [one] : []));
}

function runCompiler(input: string): CompilerOutput {
  const run: unknown = solc.compile;
  const output: unknown = isCompiler(run) ? JSON.parse(run(input)) : null;
  if (!isOutput(output)) throw new Error('the compiler answered nothing that can be read');
  return output;
}

function isCompiler(value: unknown): value is (input: string) => string {
  return typeof value === 'function';
}

// Everything that is used of the output is there whenever `contracts` is: solc leaves it out after an error.
function isOutput(value: unknown): value is CompilerOutput {
  return typeof value === 'object' && value !== null && ('contracts' in value || 'errors' in value);
}
