import { AbiCoder, concat, getCreate2Address, getCreateAddress, id, keccak256, ZeroHash } from 'ethers';
import { factoryArtifact } from '../artifacts.js';

/** Deterministic-deployment proxy, at the same address on every chain (github.com/Arachnid/deterministic-deployment-proxy). */
export const DEPLOYMENT_PROXY = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** CREATE2 salt of the factory. */
export const FACTORY_SALT = ZeroHash;

/** Init code of a token, as in the contract's `TokenCode`: loader and ERC-1167 proxy with the implementation's address. */
const INIT_CODE = {
  head: '0x5f5f5f5f335afa600d575f5ffd5b602d601f5f393d5f602d3e602d3d015ff3363d3d373d3d3d363d73',
  tail: '0x5af43d82803e903d91602b57fd5bf3',
};

/** Predicts the address of a model's token. It depends on factory and model id only. */
export function predictTokenAddress(factoryAddress: string, modelId: string): string {
  return getCreate2Address(factoryAddress, id(modelId), tokenInitCodeHash(factoryAddress));
}

/** Returns the hash of the init code of every token of the factory. */
export function tokenInitCodeHash(factoryAddress: string): string {
  return keccak256(concat([INIT_CODE.head, implementationAddress(factoryAddress), INIT_CODE.tail]));
}

/** Returns the address of the token implementation, which is the factory's first contract. */
export function implementationAddress(factoryAddress: string): string {
  return getCreateAddress({ from: factoryAddress, nonce: 1 });
}

/** Predicts the factory's address for an admin. It is the same on every chain. */
export function predictFactoryAddress(admin: string): string {
  return getCreate2Address(DEPLOYMENT_PROXY, FACTORY_SALT, keccak256(factoryInitCode(admin)));
}

/** Returns the factory's creation code with its constructor argument. */
export function factoryInitCode(admin: string): string {
  return concat([factoryArtifact.bytecode, AbiCoder.defaultAbiCoder().encode(['address'], [admin])]);
}
