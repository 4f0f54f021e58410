import type { Interface } from 'ethers';
import { factoryInterface } from './artifacts.js';
import { managerInterface, registryInterface } from './token-manager/interfaces.js';

/** First four bytes of the calldata of every call that is signed. */
export const SELECTORS = {
  deploy: selectorOf(factoryInterface, 'deploy'),
  deployBatch: selectorOf(factoryInterface, 'deployBatch'),
  grantRole: selectorOf(factoryInterface, 'grantRole'),
  deployTokenWithAllocations: selectorOf(managerInterface, 'deployTokenWithAllocations'),
  registerModel: selectorOf(registryInterface, 'registerModel'),
} as const;

function selectorOf(contract: Interface, name: string): string {
  const selector = contract.getFunction(name)?.selector;
  if (selector === undefined) throw new Error(`the contract has no function ${name}`);
  return selector;
}
