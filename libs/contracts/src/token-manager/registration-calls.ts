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
  return data.startsWith(registryInterface.getFunction('registerModel')?.selector ?? 'none');
}

/** Calldata that asks whether the registry lists a model. */
export function encodeIsRegistered(modelId: string): string {
  return registryInterface.encodeFunctionData('isRegistered', [modelId]);
}

export function decodeIsRegistered(returnData: string): boolean {
  return registryInterface.decodeFunctionResult('isRegistered', returnData)[0] === true;
}

/** Calldata that asks for the token of a model. The call reverts when the registry does not list the model. */
export function encodeRegisteredToken(modelId: string): string {
  return registryInterface.encodeFunctionData('getToken', [modelId]);
}

/** EIP-55 address. */
export function decodeRegisteredToken(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('getToken', returnData)[0]);
}

/** Calldata that asks as which model a token is listed. The call reverts when the registry does not list the token. */
export function encodeListedModel(tokenAddress: string): string {
  return registryInterface.encodeFunctionData('getModelId', [tokenAddress]);
}

/** Decimal digits. */
export function decodeListedModel(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('getModelId', returnData)[0]);
}

/** Calldata that asks who may register models. */
export function encodeRegistryOwner(): string {
  return registryInterface.encodeFunctionData('owner');
}

/** EIP-55 address. */
export function decodeRegistryOwner(returnData: string): string {
  return String(registryInterface.decodeFunctionResult('owner', returnData)[0]);
}
