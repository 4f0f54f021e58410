import { type BaseWallet, concat, toQuantity } from 'ethers';
import {
  DEPLOYMENT_PROXY,
  FACTORY_SALT,
  factoryInitCode,
  implementationAddress,
  predictFactoryAddress,
} from '../factory/addresses.js';
import { factoryInterface } from '../artifacts.js';
import { expectedFactoryCode, expectedImplementationCode } from '../factory/expected-code.js';
import { DEFAULT_ADMIN_ROLE } from '../factory/factory-constants.js';
import { ensureDeploymentProxy } from './deployment-proxy.js';
import { asHex, type JsonRpcRequest, getMember, createNodeClient } from './node-client.js';
import { ensureRoles, type RoleGrant } from './roles.js';
import { SerialTransactionSender } from './serial-transaction-sender.js';

export interface FactoryDeploymentOptions {
  readonly request: JsonRpcRequest;
  /** Pays for all transactions. */
  readonly signer: BaseWallet;
  /** Admin of the factory. Its address is part of the factory's address. */
  readonly admin: string;
  readonly grants?: readonly RoleGrant[];
}

export interface FactoryDeploymentResult {
  readonly factoryAddress: string;
  readonly implementationAddress: string;
  /** Null when the factory existed already and the node has no logs that old. */
  readonly deployedAtBlock: number | null;
  /** Human-readable list of what was done. */
  readonly actions: readonly string[];
  /** Grants that only the admin can make. */
  readonly missingGrants: readonly RoleGrant[];
}

/**
 * Ensures that the factory of this admin exists with the code of the artifacts, and that the roles are granted. Sends
 * nothing when nothing is missing.
 *
 * @throws Error when other code is at the address, or a transaction fails
 */
export async function deployFactory(deployment: FactoryDeploymentOptions): Promise<FactoryDeploymentResult> {
  const { request, signer, admin, grants = [] } = deployment;
  const transactions = new SerialTransactionSender(request, signer);
  const factoryAddress = predictFactoryAddress(admin);
  const created = await ensureFactory(request, transactions, admin);
  await verifyFactoryCode(request, factoryAddress);
  const target = { factoryAddress, signerAddress: signer.address, grants };
  const roles = await ensureRoles(request, transactions, target);
  return {
    factoryAddress,
    implementationAddress: implementationAddress(factoryAddress),
    deployedAtBlock: created.block ?? (await findDeploymentBlock(request, factoryAddress)),
    actions: [...created.actions, ...roles.actions],
    missingGrants: roles.missing,
  };
}

/** @throws Error when the code of factory or implementation differs from the artifacts */
export async function verifyFactoryCode(request: JsonRpcRequest, factoryAddress: string): Promise<void> {
  const expected = [
    [factoryAddress, expectedFactoryCode(factoryAddress)],
    [implementationAddress(factoryAddress), expectedImplementationCode(factoryAddress)],
  ] as const;
  for (const [address, code] of expected) {
    if ((await createNodeClient(request).code(address)) !== code) {
      throw new Error(`the code at ${address} differs from this version's contracts`);
    }
  }
}

async function ensureFactory(
  request: JsonRpcRequest,
  transactions: SerialTransactionSender,
  admin: string,
): Promise<{ readonly block: number | null; readonly actions: readonly string[] }> {
  const factoryAddress = predictFactoryAddress(admin);
  if ((await createNodeClient(request).code(factoryAddress)) !== '0x') return { block: null, actions: [] };
  const actions = await ensureDeploymentProxy(request, transactions);
  const block = await transactions.send(DEPLOYMENT_PROXY, concat([FACTORY_SALT, factoryInitCode(admin)]));
  return { block, actions: [...actions, `deployed the token factory at ${factoryAddress} with admin ${admin}`] };
}

/** Finds the block of the factory's first log, the constructor's grant to the admin. */
async function findDeploymentBlock(request: JsonRpcRequest, address: string): Promise<number | null> {
  const topics = factoryInterface.encodeFilterTopics('RoleGranted', [DEFAULT_ADMIN_ROLE]);
  try {
    const logs = await request('eth_getLogs', [{ address, topics, fromBlock: toQuantity(0), toBlock: 'latest' }]);
    return Array.isArray(logs) && logs.length > 0 ? Number(asHex(getMember(logs[0], 'blockNumber'))) : null;
  } catch {
    // Many providers limit the range of eth_getLogs or keep no old logs. The number is optional.
    return null;
  }
}
