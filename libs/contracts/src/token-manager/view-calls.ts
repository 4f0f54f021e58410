import { ZeroAddress } from 'ethers';
import { managedTokenInterface, managerInterface } from './interfaces.js';

/** Encodes the check whether the manager has deployed a model's token. */
export function encodeHasToken(modelId: string): string {
  return managerInterface.encodeFunctionData('hasToken', [modelId]);
}

export function decodeHasToken(returnData: string): boolean {
  return managerInterface.decodeFunctionResult('hasToken', returnData)[0] === true;
}

/** Encodes the lookup of the token that the manager deployed for a model. */
export function encodeTokenAddress(modelId: string): string {
  return managerInterface.encodeFunctionData('getTokenAddress', [modelId]);
}

/** Returns the EIP-55 address, or null. */
export function decodeTokenAddress(returnData: string): string | null {
  const token = String(managerInterface.decodeFunctionResult('getTokenAddress', returnData)[0]);
  return token === ZeroAddress ? null : token;
}

/** Encodes the lookup of the deployment fee, which is paid besides gas. */
export function encodeDeploymentFee(): string {
  return managerInterface.encodeFunctionData('deploymentFee');
}

/** Wei. */
export function decodeDeploymentFee(returnData: string): bigint {
  return BigInt(String(managerInterface.decodeFunctionResult('deploymentFee', returnData)[0]));
}

/** Encodes the lookup of the manager's registry. */
export function encodeManagerRegistry(): string {
  return managerInterface.encodeFunctionData('registry');
}

/** EIP-55 address. */
export function decodeManagerRegistry(returnData: string): string {
  return String(managerInterface.decodeFunctionResult('registry', returnData)[0]);
}

/** Encodes the lookup of a token's symbol. */
export function encodeTokenSymbol(): string {
  return managedTokenInterface.encodeFunctionData('symbol');
}

export function decodeTokenSymbol(returnData: string): string {
  return String(managedTokenInterface.decodeFunctionResult('symbol', returnData)[0]);
}
