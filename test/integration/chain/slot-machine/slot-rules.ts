import type { ChainReplica } from '../../../support/chain-replica.js';
import type { ModelChain } from './model-chain.js';
import type { ModelTransaction } from './model-transaction.js';

/** Looks at every transaction when it arrives at the node, and complains of those that must not have left. */
export class SlotRules {
  readonly complaints: string[] = [];
  /** Every arrival, those of the same bytes again too. */
  readonly arrivals: ModelTransaction[] = [];

  /**
   * @param ledger reads the journal, and works on nothing
   * @param cap wei per gas that no transaction may offer more than
   */
  constructor(
    private readonly chain: ModelChain,
    private readonly ledger: ChainReplica,
    private readonly cap: bigint,
  ) {}

  readonly look = async (transaction: ModelTransaction, raw: string): Promise<void> => {
    const before = [...this.arrivals];
    this.arrivals.push(transaction);
    if (before.some(({ hash }) => hash === transaction.hash)) return;
    if (transaction.maxFeePerGas > this.cap) this.complain('cap', `nonce ${transaction.nonce} offers too much`);
    for (const earlier of before) this.requireReason(earlier, transaction);
    await this.requireJournalled(transaction, raw);
  };

  /** J1, and that each attempt of the journal outbids those before it in the eyes of every client. */
  private async requireJournalled({ nonce, ...offer }: ModelTransaction, raw: string): Promise<void> {
    const slot = (await this.ledger.slots()).find((each) => each.nonce === nonce);
    const place = slot?.attempts.findIndex((attempt) => attempt.raw === raw) ?? -1;
    if (place < 0) return this.complain('J1', `nonce ${nonce} was sent and is not in the journal`);
    for (const before of slot?.attempts.slice(0, place) ?? []) {
      const enough =
        offer.maxFeePerGas >= raised(before.maxFeePerGas) &&
        offer.maxPriorityFeePerGas >= raised(before.maxPriorityFeePerGas);
      if (!enough) this.complain('replacement', `nonce ${nonce} offers too little more than before`);
    }
  }

  /** J2: one nonce asks for the same models always. J3: another nonce for a model only when the first is taken for good. */
  private requireReason(earlier: ModelTransaction, sent: ModelTransaction): void {
    if (this.isFinallyTaken(earlier)) return;
    const said = `${sent.models.join()} got nonce ${sent.nonce}`;
    if (earlier.nonce === sent.nonce) {
      if (earlier.models.join() !== sent.models.join()) this.complain('J2', `${said}, as ${earlier.models.join()} did`);
    } else if (earlier.models.some((model) => sent.models.includes(model))) {
      this.complain('J3', `${said} while ${earlier.nonce} may still be mined`);
    }
  }

  /** Whether something that did not carry out these models is at this nonce for ever. */
  private isFinallyTaken({ nonce, models }: ModelTransaction): boolean {
    const taker = this.chain.mined(this.chain.finalBlock)[nonce];
    return taker !== undefined && !(taker.succeeded && taker.models.some((model) => models.includes(model)));
  }

  private complain(promise: string, what: string): void {
    this.complaints.push(`${promise}: ${what}`);
  }
}

/** 12.5 % + 1 wei more. */
function raised(fee: bigint): bigint {
  return fee + fee / 8n + 1n;
}
