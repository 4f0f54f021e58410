import type { DeploymentRecord } from '#core';
import { Result, ZeroAddress } from 'ethers';
import { factoryInterface } from '../artifacts.js';

/** Encodes the lookup of a model's token. */
export function encodeTokenOf(modelId: string): string {
  return factoryInterface.encodeFunctionData('tokenOf', [modelId]);
}

/** Returns the token's EIP-55 address, or null. */
export function decodeTokenOf(returnData: string): string | null {
  const token = String(factoryInterface.decodeFunctionResult('tokenOf', returnData)[0]);
  return token === ZeroAddress ? null : token;
}

/** Encodes the lookup of a token's record. The call reverts with `UnknownToken` for any other address. */
export function encodeRecordOf(tokenAddress: string): string {
  return factoryInterface.encodeFunctionData('recordOf', [tokenAddress]);
}

export function decodeRecordOf(returnData: string): DeploymentRecord {
  const record: unknown = factoryInterface.decodeFunctionResult('recordOf', returnData)[0];
  if (!(record instanceof Result)) throw new TypeError('the factory returned no record');
  const contributor = String(record.getValue('contributor'));
  return {
    modelId: String(record.getValue('modelId')),
    tokenSymbol: String(record.getValue('symbol')),
    metricName: String(record.getValue('metricName')),
    baselineValue: BigInt(String(record.getValue('baselineValue'))),
    currentValue: BigInt(String(record.getValue('currentValue'))),
    contributor: contributor === ZeroAddress ? null : contributor,
  };
}

/** Encodes the check whether an account has a role of the factory. */
export function encodeHasRole(role: string, account: string): string {
  return factoryInterface.encodeFunctionData('hasRole', [role, account]);
}

export function decodeHasRole(returnData: string): boolean {
  return factoryInterface.decodeFunctionResult('hasRole', returnData)[0] === true;
}
