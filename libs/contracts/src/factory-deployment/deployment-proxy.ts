import { Transaction } from 'ethers';
import { DEPLOYMENT_PROXY } from '../factory/addresses.js';
import { asHex, createNodeClient, type JsonRpcRequest } from './node-client.js';
import type { SerialTransactionSender } from './serial-transaction-sender.js';

/** What nodes say of transactions without a chain id. geth: `only replay-protected (EIP-155) transactions allowed over RPC`. */
const UNPROTECTED = /replay.?protected|eip-?155|unprotected/i;

/** Runtime code of the proxy, as published with it. */
const PROXY_CODE =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3';

/** The transaction that creates the proxy. Its signature is chosen, not made with a key (Nick's method). */
const PROXY_TRANSACTION =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222';

/**
 * Creates the deterministic-deployment proxy on a chain that lacks it. The transaction is offered before it is paid for: a
 * node that refuses it says so then.
 *
 * @returns human-readable list of what was done
 * @throws Error when other code is at its address, or the node refuses the transaction
 */
export async function ensureDeploymentProxy(
  request: JsonRpcRequest,
  transactions: SerialTransactionSender,
): Promise<string[]> {
  const node = createNodeClient(request);
  const code = await node.code(DEPLOYMENT_PROXY);
  if (code === PROXY_CODE) return [];
  if (code !== '0x') throw new Error(`the code at ${DEPLOYMENT_PROXY} is not the deterministic-deployment proxy`);
  const actions: string[] = [];
  const { creator, cost } = proxyTransaction();
  const balance = await node.balance(creator);
  const sent = await offerProxyTransaction(request);
  if (balance < cost) {
    await transactions.send(creator, '0x', cost - balance);
    actions.push(`funded ${creator}, the creator of the deterministic-deployment proxy`);
  }
  await (sent === null ? transactions.sendRaw(PROXY_TRANSACTION) : transactions.waitMined(sent));
  return [...actions, `created the deterministic-deployment proxy at ${DEPLOYMENT_PROXY}`];
}

/** Returns the hash of the transaction, or null while the node does not take it, because its creator has no funds. */
async function offerProxyTransaction(request: JsonRpcRequest): Promise<string | null> {
  try {
    return asHex(await request('eth_sendRawTransaction', [PROXY_TRANSACTION]));
  } catch (error) {
    if (!(error instanceof Error) || !UNPROTECTED.test(error.message)) return null;
    throw new Error(
      `the node refuses the transaction that creates the deterministic-deployment proxy (${error.message}). ` +
        'Start the node with --rpc.allow-unprotected-txs, or run the command with --without-proxy',
      { cause: error },
    );
  }
}

/** Returns the account of the chosen signature and the transaction's cost in wei. */
export function proxyTransaction(): { readonly creator: string; readonly cost: bigint } {
  const { from, gasLimit, gasPrice } = Transaction.from(PROXY_TRANSACTION);
  if (from === null || gasPrice === null) throw new Error('the transaction of the proxy is not a signed one');
  return { creator: from, cost: gasLimit * gasPrice };
}
