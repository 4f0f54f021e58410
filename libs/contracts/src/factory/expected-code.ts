import { dataLength, dataSlice, concat, zeroPadValue } from 'ethers';
import { implementationAddress, tokenInitCodeHash } from './addresses.js';
import { factoryArtifact, tokenArtifact } from '../artifacts.js';

interface ImmutablePosition {
  readonly start: number;
  readonly length: number;
}

/**
 * What `eth_getCode` must answer for a factory at this address. Whoever compares it must compare
 * `expectedImplementationCode` too: another creation code could leave this code behind, with other tokens.
 */
export function expectedFactoryCode(factoryAddress: string): string {
  const { implementation, _initCodeHash } = factoryArtifact.immutableReferences;
  const filled = fillImmutable(factoryArtifact.deployedBytecode, implementation, implementationAddress(factoryAddress));
  return fillImmutable(filled, _initCodeHash, tokenInitCodeHash(factoryAddress));
}

/** What `eth_getCode` must answer for the contract at `implementationAddress(factoryAddress)`. */
export function expectedImplementationCode(factoryAddress: string): string {
  const { factory, _implementation } = tokenArtifact.immutableReferences;
  const filled = fillImmutable(tokenArtifact.deployedBytecode, factory, factoryAddress);
  return fillImmutable(filled, _implementation, implementationAddress(factoryAddress));
}

function fillImmutable(code: string, positions: readonly ImmutablePosition[], value: string): string {
  return positions.reduce(
    (filled, { start, length }) =>
      concat([
        dataSlice(filled, 0, start),
        zeroPadValue(value, length),
        dataSlice(filled, start + length, dataLength(filled)),
      ]),
    code,
  );
}
