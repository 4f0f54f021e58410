import type { DeployedToken, Registration } from '#core';
import { HashReader } from './hash-reader.js';

export function encodeToken(token: DeployedToken): string {
  return JSON.stringify({ ...token, gasUsed: token.gasUsed.toString(), gasPrice: token.gasPrice.toString() });
}

export function decodeToken(text: unknown): DeployedToken {
  const fields = HashReader.parse('token', text);
  return {
    tokenAddress: fields.text('tokenAddress'),
    transactionHash: fields.text('transactionHash'),
    registryTransactionHash: fields.textOrNull('registryTransactionHash'),
    registration: fields.isAbsent('registration') ? null : decodeRegistration(fields.object('registration')),
    blockNumber: fields.integer('blockNumber'),
    blockTimestamp: fields.integer('blockTimestamp'),
    gasUsed: fields.bigint('gasUsed'),
    gasPrice: fields.bigint('gasPrice'),
    deployerAddress: fields.text('deployerAddress'),
  };
}

function decodeRegistration(fields: HashReader): Registration {
  return { to: fields.text('to'), calldata: fields.text('calldata') };
}
