import { ZeroAddress } from 'ethers';
import { erc20Interface, managerInterface } from './interfaces.js';

/** Calldata that asks whether the manager has made a token for a model. */
export function encodeHasToken(modelId: string): string {
  return managerInterface.encodeFunctionData('hasToken', [modelId]);
}

export function decodeHasToken(returnData: string): boolean {
  return managerInterface.decodeFunctionResult('hasToken', returnData)[0] === true;
}

/** Calldata that asks for the token that the manager has made for a model. */
export function encodeTokenAddress(modelId: string): string {
  return managerInterface.encodeFunctionData('getTokenAddress', [modelId]);
}

/** EIP-55 address; null when there is none. */
export function decodeTokenAddress(returnData: string): string | null {
  const token = String(managerInterface.decodeFunctionResult('getTokenAddress', returnData)[0]);
  return token === ZeroAddress ? null : token;
}

/** Calldata that asks what a deployment costs apart from its gas. */
export function encodeDeploymentFee(): string {
  return managerInterface.encodeFunctionData('deploymentFee');
}

/** Wei. */
export function decodeDeploymentFee(returnData: string): bigint {
  return BigInt(String(managerInterface.decodeFunctionResult('deploymentFee', returnData)[0]));
}

/** Calldata that asks which registry the manager works with. */
export function encodeManagerRegistry(): string {
  return managerInterface.encodeFunctionData('registry');
}

/** EIP-55 address. */
export function decodeManagerRegistry(returnData: string): string {
  return String(managerInterface.decodeFunctionResult('registry', returnData)[0]);
}

/** Calldata that asks a token for its symbol. */
export function encodeTokenSymbol(): string {
  return erc20Interface.encodeFunctionData('symbol');
}

export function decodeTokenSymbol(returnData: string): string {
  return String(erc20Interface.decodeFunctionResult('symbol', returnData)[0]);
}
