import type { Compilation } from './compiler.js';

/** What the tests put on a chain in the place of Hokusai's own contracts. */
const MOCK_CONTRACTS = ['AlteredContract', 'ModelRegistry', 'TokenDeploymentFactory', 'TokenManager'];

const DEPLOYED = ['HokusaiTokenFactory', 'HokusaiToken'];

/** File names and texts of the committed artifacts: one for each deployed contract, and the compiler's input. */
export function artifactTexts({ input, contracts, variableNames }: Compilation): ReadonlyMap<string, string> {
  const texts = new Map([['standard-input.json', json(input)]]);
  for (const name of DEPLOYED) {
    const contract = contracts.get(name);
    if (contract === undefined) throw new Error(`the sources hold no contract ${name}`);
    const { bytecode, deployedBytecode } = contract.evm;
    texts.set(
      `${name}.json`,
      json({
        abi: contract.abi,
        bytecode: `0x${bytecode.object}`,
        deployedBytecode: `0x${deployedBytecode.object}`,
        immutableReferences: byName(deployedBytecode.immutableReferences, variableNames),
      }),
    );
  }
  return texts;
}

/** One file of interfaces and creation codes, which is all that a test needs. */
export function creationTexts({ contracts }: Compilation): ReadonlyMap<string, string> {
  const all = MOCK_CONTRACTS.map((name) => {
    const contract = contracts.get(name);
    if (contract === undefined) throw new Error(`the sources hold no contract ${name}`);
    return [name, { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }] as const;
  });
  return new Map([['mock-contracts.json', json(Object.fromEntries(all))]]);
}

// The compiler's ids shift with every edit of any source; names do not.
function byName(references: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>): object {
  return Object.fromEntries(Object.entries(references).map(([id, positions]) => [names.get(id) ?? id, positions]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
