import { Transaction } from 'ethers';
import type { RpcRequestFunction, RpcFault, FaultRule } from '../rpc/rpc-fault.js';

/** Percent by which both caps must rise (`--txpool.pricebump`, core/txpool/legacypool/list.go, `list.Add`). */
const PRICE_BUMP = 10n;

/**
 * The rules of geth's pool that anvil does not have: a transaction that is there already is refused as such, and another
 * one with its nonce must raise both caps by a tenth.
 */
export class GethMempool {
  /** Everything that was refused, in geth's words. */
  readonly rejections: string[] = [];
  private readonly pending = new Map<string, Transaction>();

  constructor(private readonly request: RpcRequestFunction) {}

  /** What becomes of a transaction; everything else passes. */
  readonly rule: FaultRule = async ({ method, params }) => {
    if (method !== 'eth_sendRawTransaction') return 'forward';
    const refusal = await this.rejectionOf(Transaction.from(String(params[0])));
    if (refusal === null) return 'forward';
    this.rejections.push(refusal);
    return { code: -32000, message: refusal } satisfies RpcFault;
  };

  private async rejectionOf(transaction: Transaction): Promise<string | null> {
    const place = `${transaction.from}:${transaction.nonce}`;
    const next = Number(await this.request('eth_getTransactionCount', [transaction.from, 'latest']));
    if (transaction.nonce < next) return `nonce too low: next nonce ${next}, tx nonce ${transaction.nonce}`;
    const waiting = await this.stillPending(place);
    if (waiting?.hash === transaction.hash) return 'already known';
    if (waiting !== undefined && !outbids(waiting, transaction)) return 'replacement transaction underpriced';
    this.pending.set(place, transaction);
    return null;
  }

  /** A node that was restarted, or dropped it, knows it no more. */
  private async stillPending(place: string): Promise<Transaction | undefined> {
    const transaction = this.pending.get(place);
    if (transaction === undefined) return undefined;
    if ((await this.request('eth_getTransactionByHash', [transaction.hash])) !== null) return transaction;
    this.pending.delete(place);
    return undefined;
  }
}

function outbids(old: Transaction, fresh: Transaction): boolean {
  return (['maxFeePerGas', 'maxPriorityFeePerGas'] as const).every((cap) => {
    const [before, now] = [old[cap] ?? old.gasPrice ?? 0n, fresh[cap] ?? fresh.gasPrice ?? 0n];
    return now > before && now >= (before * (100n + PRICE_BUMP)) / 100n;
  });
}
