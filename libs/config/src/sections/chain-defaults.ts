import { type Environment, readVariable } from '../env/environment.js';

const NETWORK_NAMES: Readonly<Record<string, string>> = {
  '1': 'mainnet',
  '8453': 'base',
  '31337': 'local',
  '84532': 'base-sepolia',
  '11155111': 'sepolia',
};

/** Chain ids of anvil, hardhat and ganache: a block there is as final as it will ever be. */
const DEVELOPMENT_CHAINS: ReadonlySet<string> = new Set(['31337', '1337']);

export function isDevelopmentChain(chainId: number): boolean {
  return DEVELOPMENT_CHAINS.has(String(chainId));
}

export function networkNameDefault(environment: Environment): string {
  const chainId = readVariable(environment, 'CHAIN_ID') ?? 'unknown';
  // A bad CHAIN_ID is reported as such and must not show up in a second complaint.
  return NETWORK_NAMES[chainId] ?? (/^\d{1,16}$/.test(chainId) ? `chain-${chainId}` : 'unknown');
}

export function onDevelopmentChain(there: string, elsewhere: string): (environment: Environment) => string {
  return (environment) => (DEVELOPMENT_CHAINS.has(readVariable(environment, 'CHAIN_ID') ?? '') ? there : elsewhere);
}
