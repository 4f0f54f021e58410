import { concat, getCreateAddress, toQuantity } from 'ethers';
import type { Fee, PermittedCall, PolicySigner } from '#signing';
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
import { EIP_PROBE, missingEips } from '../factory/required-eips.js';
import { SELECTORS } from '../selectors.js';
import { ensureDeploymentProxy, proxyTransaction } from './deployment-proxy.js';
import { asHex, type JsonRpcRequest, getMember, createNodeClient } from './node-client.js';
import { ensureRoles, type RoleGrant } from './roles.js';
import { SerialTransactionSender } from './serial-transaction-sender.js';

export interface FactoryDeploymentOptions {
  readonly request: JsonRpcRequest;
  /** Creates the signer that pays for all transactions. It permits these calls alone. */
  readonly createSigner: (calls: readonly PermittedCall[]) => PolicySigner;
  /** Admin of the factory. Its address is part of the factory's address. */
  readonly admin: string;
  readonly grants?: readonly RoleGrant[];
  /** `eip1559` where blocks have a base fee. */
  readonly feeKind?: Fee['kind'];
  /**
   * Creates the factory in a plain transaction, for nodes that refuse the one that creates the deterministic-deployment
   * proxy. Its address then depends on the signer's nonce: `factoryAddress` names a factory that was created so before.
   */
  readonly withoutProxy?: { readonly factoryAddress: string | null };
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
 * Ensures that the chain runs the contracts, that the factory of this admin exists with the code of the artifacts, and that
 * the roles are granted. Sends nothing when nothing is missing.
 *
 * @throws Error when the chain lacks an EIP that the contracts use, other code is at the address, or a transaction fails
 */
export async function deployFactory(deployment: FactoryDeploymentOptions): Promise<FactoryDeploymentResult> {
  const { request, createSigner, admin, grants = [], feeKind = 'eip1559', withoutProxy } = deployment;
  await requireEips(request);
  const signer = createSigner(creationCalls(admin));
  const transactions = new SerialTransactionSender(request, signer, feeKind);
  const created =
    withoutProxy === undefined
      ? await ensureFactory(request, transactions, admin)
      : await createFactory(deployment, transactions, signer.address);
  const { factoryAddress } = created;
  await verifyFactoryCode(request, factoryAddress);
  const target = { factoryAddress, signerAddress: signer.address, grants };
  const granting = createSigner([{ to: factoryAddress, selector: SELECTORS.grantRole, maxValue: 0n }]);
  const roles = await ensureRoles(request, new SerialTransactionSender(request, granting, feeKind), target);
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

interface EnsuredFactory {
  readonly factoryAddress: string;
  readonly block: number | null;
  readonly actions: readonly string[];
}

/** Says so before anything is paid for. On an older EVM the deployment succeeds, and every token reverts. */
async function requireEips(request: JsonRpcRequest): Promise<void> {
  const answer = await request('eth_call', [{ data: EIP_PROBE }, 'latest']).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : 'unknown error';
    throw new Error(`the node does not run the init code of a contract: ${words}`, { cause: error });
  });
  const missing = missingEips(asHex(answer));
  if (missing.length === 0) return;
  throw new Error(
    `the chain lacks ${missing.join(' and ')}, which the contracts use: deploy on a chain with the Cancun upgrade`,
  );
}

/** Returns the calls that create the factory, with or without the deterministic-deployment proxy. */
function creationCalls(admin: string): readonly PermittedCall[] {
  const { creator, cost } = proxyTransaction();
  return [
    { to: null, selector: factoryInitCode(admin).slice(0, 10), maxValue: 0n },
    { to: DEPLOYMENT_PROXY, selector: FACTORY_SALT.slice(0, 10), maxValue: 0n },
    { to: creator, selector: null, maxValue: cost },
  ];
}

async function createFactory(
  { request, admin, withoutProxy }: FactoryDeploymentOptions,
  transactions: SerialTransactionSender,
  sender: string,
): Promise<EnsuredFactory> {
  const existing = withoutProxy?.factoryAddress ?? null;
  if (existing !== null) return { factoryAddress: existing, block: null, actions: [] };
  const nonce = asHex(await request('eth_getTransactionCount', [sender, 'pending']));
  const factoryAddress = getCreateAddress({ from: sender, nonce });
  const block = await transactions.send(null, factoryInitCode(admin));
  return { factoryAddress, block, actions: [`created the token factory at ${factoryAddress} with admin ${admin}`] };
}

async function ensureFactory(
  request: JsonRpcRequest,
  transactions: SerialTransactionSender,
  admin: string,
): Promise<EnsuredFactory> {
  const factoryAddress = predictFactoryAddress(admin);
  const code = await createNodeClient(request).code(factoryAddress);
  if (code !== '0x') return { factoryAddress, block: null, actions: [] };
  const actions = await ensureDeploymentProxy(request, transactions);
  const block = await transactions.send(DEPLOYMENT_PROXY, concat([FACTORY_SALT, factoryInitCode(admin)]));
  return {
    factoryAddress,
    block,
    actions: [...actions, `deployed the token factory at ${factoryAddress} with admin ${admin}`],
  };
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
