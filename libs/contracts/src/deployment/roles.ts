import { factoryInterface } from '../artifacts.js';
import { DEFAULT_ADMIN_ROLE, DEPLOYER_ROLE, MINTER_ROLE } from '../factory-terms.js';
import { decodeHasRole, encodeHasRole } from '../registry-calls.js';
import { nodeView, type JsonRpcRequest } from './json-rpc.js';
import type { Transactions } from './transactions.js';

/** A role that an account is to hold. */
export interface Grant {
  readonly role: 'DEPLOYER_ROLE' | 'MINTER_ROLE';
  readonly account: string;
}

const ROLES = { DEPLOYER_ROLE, MINTER_ROLE } as const;

/** What became of the grants. */
export interface GrantReport {
  /** For people. */
  readonly actions: readonly string[];
  /** Grants that the signer may not make: the admin has to. */
  readonly missing: readonly Grant[];
}

/** Grants what is not granted yet, if the signer is an admin of the factory. */
export async function ensureRoles(
  request: JsonRpcRequest,
  transactions: Transactions,
  target: { readonly factoryAddress: string; readonly signerAddress: string; readonly grants: readonly Grant[] },
): Promise<GrantReport> {
  const { factoryAddress, signerAddress, grants } = target;
  const holds = async (role: string, account: string): Promise<boolean> =>
    decodeHasRole(await nodeView(request).call(factoryAddress, encodeHasRole(role, account)));
  const isAdmin = await holds(DEFAULT_ADMIN_ROLE, signerAddress);
  const actions: string[] = [];
  const missing: Grant[] = [];
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
