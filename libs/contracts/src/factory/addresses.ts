import { AbiCoder, concat, getCreate2Address, getCreateAddress, id, keccak256, ZeroHash } from 'ethers';
import { factoryArtifact } from '../artifacts.js';

/** The deterministic-deployment proxy, at the same address on every chain (github.com/Arachnid/deterministic-deployment-proxy). */
export const DEPLOYMENT_PROXY = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** Salt of the factory's own address. */
export const FACTORY_SALT = ZeroHash;

/** The contract's `TokenCode`: loader and ERC-1167 proxy around the implementation's address. */
const INIT_CODE = {
  head: '0x5f5f5f5f335afa600d575f5ffd5b602d601f5f393d5f602d3e602d3d015ff3363d3d373d3d3d363d73',
  tail: '0x5af43d82803e903d91602b57fd5bf3',
};

/** Address that a model's token has or will have. Needs no chain: it depends on factory and model id alone. */
export function predictTokenAddress(factoryAddress: string, modelId: string): string {
  return getCreate2Address(factoryAddress, id(modelId), tokenInitCodeHash(factoryAddress));
}

/** Hash of the init code that every token of the factory is created with. */
export function tokenInitCodeHash(factoryAddress: string): string {
  return keccak256(concat([INIT_CODE.head, implementationAddress(factoryAddress), INIT_CODE.tail]));
}

/** Address of the contract whose code every token runs: the first that the factory creates. */
export function implementationAddress(factoryAddress: string): string {
  return getCreateAddress({ from: factoryAddress, nonce: 1 });
}

/** Address of the factory with this admin, the same on every chain. */
export function predictFactoryAddress(admin: string): string {
  return getCreate2Address(DEPLOYMENT_PROXY, FACTORY_SALT, keccak256(factoryInitCode(admin)));
}

/** Creation code of the factory with its constructor argument. */
export function factoryInitCode(admin: string): string {
  return concat([factoryArtifact.bytecode, AbiCoder.defaultAbiCoder().encode(['address'], [admin])]);
}
