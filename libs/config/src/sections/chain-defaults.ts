import type { DerivedDefault } from '../env/env.decorator.js';
import { type Environment, readVariable } from '../env/environment.js';
import { findNetwork, type Network } from './networks.js';

export function isDevelopmentChain(chainId: number): boolean {
  return findNetwork(chainId)?.development === true;
}

/** Whether this is a known chain of the public. All of them have a base fee (EIP-1559). */
export function isPublicNetwork(chainId: number): boolean {
  const network = findNetwork(chainId);
  return network !== null && network.development !== true;
}

/**
 * A default that the network's preset gives.
 *
 * @param elsewhere on a chain without a preset, and where the preset does not say
 */
export function byNetwork(pick: NonNullable<DerivedDefault['byNetwork']>, elsewhere: string | null): DerivedDefault {
  return {
    from: (environment) => {
      const network = networkIn(environment);
      const value = network === null ? undefined : pick(network);
      return value === undefined ? elsewhere : value === null ? null : String(value);
    },
    described: `${elsewhere === null ? '–' : `\`${elsewhere}\``}; [by network](networks.md)`,
    byNetwork: pick,
  };
}

export function onDevelopmentChain(there: string, elsewhere: string): DerivedDefault {
  return {
    from: (environment) => (networkIn(environment)?.development === true ? there : elsewhere),
    described: `\`${elsewhere}\`; \`${there}\` on chains 31337 and 1337`,
  };
}

export const networkNameDefault: DerivedDefault = {
  from: (environment) => {
    const chainId = readVariable(environment, 'CHAIN_ID') ?? 'unknown';
    // A bad CHAIN_ID is reported as such and must not show up in a second complaint.
    return networkIn(environment)?.name ?? (/^\d{1,16}$/.test(chainId) ? `chain-${chainId}` : 'unknown');
  },
  described: '`chain-<id>`; [by network](networks.md)',
  byNetwork: ({ name }) => name,
};

function networkIn(environment: Environment): Network | null {
  return findNetwork(Number(readVariable(environment, 'CHAIN_ID')));
}
