import { factoryInterface } from '../artifacts.js';
import { DEFAULT_ADMIN_ROLE, DEPLOYER_ROLE, MINTER_ROLE } from '../factory/factory-constants.js';
import { decodeHasRole, encodeHasRole } from '../factory/view-calls.js';
import { createNodeClient, type JsonRpcRequest } from './node-client.js';
import type { SerialTransactionSender } from './serial-transaction-sender.js';

/** A role to be granted to an account. */
export interface RoleGrant {
  readonly role: 'DEPLOYER_ROLE' | 'MINTER_ROLE';
  readonly account: string;
}

const ROLES = { DEPLOYER_ROLE, MINTER_ROLE } as const;

/** Result of the grants. */
export interface RoleGrantResult {
  /** Human-readable list of what was done. */
  readonly actions: readonly string[];
  /** Grants that only the admin can make. */
  readonly missing: readonly RoleGrant[];
}

/** Grants missing roles if the signer is an admin of the factory. */
export async function ensureRoles(
  request: JsonRpcRequest,
  transactions: SerialTransactionSender,
  target: { readonly factoryAddress: string; readonly signerAddress: string; readonly grants: readonly RoleGrant[] },
): Promise<RoleGrantResult> {
  const { factoryAddress, signerAddress, grants } = target;
  const holds = async (role: string, account: string): Promise<boolean> =>
    decodeHasRole(await createNodeClient(request).call(factoryAddress, encodeHasRole(role, account)));
  const isAdmin = await holds(DEFAULT_ADMIN_ROLE, signerAddress);
  const actions: string[] = [];
  const missing: RoleGrant[] = [];
  for (const grant of grants) {
    if (await holds(ROLES[grant.role], grant.account)) continue;
    if (!isAdmin) {
      missing.push(grant);
      continue;
    }
    const call = factoryInterface.encodeFunctionData('grantRole', [ROLES[grant.role], grant.account]);
    await transactions.send(factoryAddress, call);
    actions.push(`granted ${grant.role} to ${grant.account}`);
  }
  return { actions, missing };
}
