import { SELECTORS } from '../selectors.js';
import { registryInterface } from './interfaces.js';

/** One call of `registerModel`. */
export interface ModelRegistration {
  /** Decimal digits without a leading zero. */
  readonly modelId: string;
  readonly tokenAddress: string;
  readonly performanceMetric: string;
}

export function encodeRegistration({ modelId, tokenAddress, performanceMetric }: ModelRegistration): string {
  return registryInterface.encodeFunctionData('registerModel', [modelId, tokenAddress, performanceMetric]);
}

/** Whether calldata is that of `registerModel`. */
export function isRegistration(data: string): boolean {
  return data.startsWith(SELECTORS.registerModel);
}

/** Encodes the check whether a model is registered. */
export function encodeIsRegistered(modelId: string): string {
  return registryInterface.encodeFunctionData('isRegistered', [modelId]);
}

export function decodeIsRegistered(returnData: string): boolean {
  return registryInterface.decodeFunctionResult('isRegistered', returnData)[0] === true;
}

/** Encodes the lookup of a model's token. The call reverts when the model is not registered. */
export function encodeRegisteredToken(modelId: string): string {
  return registryInterface.encodeFunctionData('getToken', [modelId]);
}

/** EIP-55 address. */
export function decodeRegisteredToken(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('getToken', returnData)[0]);
}

/** Encodes the lookup of a token's model. The call reverts when the token is not registered. */
export function encodeListedModel(tokenAddress: string): string {
  return registryInterface.encodeFunctionData('getModelId', [tokenAddress]);
}

/** Decimal digits. */
export function decodeListedModel(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('getModelId', returnData)[0]);
}

/** Encodes the lookup of the registry's owner. */
export function encodeRegistryOwner(): string {
  return registryInterface.encodeFunctionData('owner');
}

/** EIP-55 address. */
export function decodeRegistryOwner(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('owner', returnData)[0]);
}
