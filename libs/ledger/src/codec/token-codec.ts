import type { DeployedToken } from '#core';
import { StoredFields } from './stored-fields.js';

export function encodeToken(token: DeployedToken): string {
  return JSON.stringify({ ...token, gasUsed: token.gasUsed.toString(), gasPrice: token.gasPrice.toString() });
}

export function decodeToken(text: unknown): DeployedToken {
  const fields = StoredFields.parse('token', text);
  return {
    tokenAddress: fields.text('tokenAddress'),
    transactionHash: fields.text('transactionHash'),
    registryTransactionHash: fields.text('registryTransactionHash'),
    blockNumber: fields.integer('blockNumber'),
    blockTimestamp: fields.integer('blockTimestamp'),
    gasUsed: fields.bigint('gasUsed'),
    gasPrice: fields.bigint('gasPrice'),
    deployerAddress: fields.text('deployerAddress'),
  };
}
