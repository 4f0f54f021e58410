import { dataLength, dataSlice, concat, zeroPadValue } from 'ethers';
import { implementationAddress, tokenInitCodeHash } from './addresses.js';
import { factoryArtifact, tokenArtifact } from '../artifacts.js';

interface ImmutablePosition {
  readonly start: number;
  readonly length: number;
}

/**
 * Returns the code that a factory at this address must have. Compare `expectedImplementationCode` as well: other creation
 * code could leave this code behind with another implementation.
 */
export function expectedFactoryCode(factoryAddress: string): string {
  const { implementation, _initCodeHash } = factoryArtifact.immutableReferences;
  const filled = fillImmutable(factoryArtifact.deployedBytecode, implementation, implementationAddress(factoryAddress));
  return fillImmutable(filled, _initCodeHash, tokenInitCodeHash(factoryAddress));
}

/** Returns the code that must be at `implementationAddress(factoryAddress)`. */
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
