import type { ChainReplica } from '../../../support/chain/chain-replica.js';
import type { ModelChain } from './model-chain.js';
import type { ModelTransaction } from './model-transaction.js';

/** Looks at every transaction when it arrives at the node, and complains of those that must not have left. */
export class SlotInvariants {
  readonly violations: string[] = [];
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

  readonly check = async (transaction: ModelTransaction, raw: string): Promise<void> => {
    const before = [...this.arrivals];
    this.arrivals.push(transaction);
    if (before.some(({ hash }) => hash === transaction.hash)) return;
    if (transaction.maxFeePerGas > this.cap) this.addViolation('cap', `nonce ${transaction.nonce} offers too much`);
    for (const earlier of before) this.checkResendReason(earlier, transaction);
    await this.checkJournaled(transaction, raw);
  };

  /**
   * J1, and that each attempt of the journal outbids those before it in the eyes of every client: all of them, or where
   * they were refused none, and then the pool has none.
   */
  private async checkJournaled({ nonce, ...offer }: ModelTransaction, raw: string): Promise<void> {
    const slot = (await this.ledger.slots()).find((each) => each.nonce === nonce);
    const place = slot?.attempts.findIndex((attempt) => attempt.raw === raw) ?? -1;
    if (!slot || place < 0) return this.addViolation('J1', `nonce ${nonce} was sent and is not in the journal`);
    const pooled = this.chain.pool.at(nonce)?.hash;
    const attempts = slot.attempts.slice(0, place + 1);
    const restart = attempts.findLastIndex(({ replacesRefused }) => replacesRefused === true);
    if (attempts.slice(0, Math.max(0, restart)).some(({ hash }) => hash === pooled))
      this.addViolation('replacement', `nonce ${nonce} was signed anew although the pool holds an attempt`);
    for (const before of attempts.slice(Math.max(0, restart), -1)) {
      const enough =
        offer.maxFeePerGas >= bumpedFee(before.maxFeePerGas) &&
        offer.maxPriorityFeePerGas >= bumpedFee(before.maxPriorityFeePerGas);
      if (!enough) this.addViolation('replacement', `nonce ${nonce} offers too little more than before`);
    }
  }

  /** J2: one nonce asks for the same models always. J3: another nonce for a model only when the first is taken for good. */
  private checkResendReason(earlier: ModelTransaction, sent: ModelTransaction): void {
    if (this.isFinallyTaken(earlier)) return;
    const said = `${sent.models.join()} got nonce ${sent.nonce}`;
    if (earlier.nonce === sent.nonce) {
      if (earlier.models.join() !== sent.models.join())
        this.addViolation('J2', `${said}, as ${earlier.models.join()} did`);
    } else if (earlier.models.some((model) => sent.models.includes(model))) {
      this.addViolation('J3', `${said} while ${earlier.nonce} may still be mined`);
    }
  }

  /** Whether something that did not carry out these models is at this nonce for ever. */
  private isFinallyTaken({ nonce, models }: ModelTransaction): boolean {
    const taker = this.chain.mined(this.chain.finalBlock)[nonce];
    return taker !== undefined && !(taker.succeeded && taker.models.some((model) => models.includes(model)));
  }

  private addViolation(promise: string, what: string): void {
    this.violations.push(`${promise}: ${what}`);
  }
}

/** 12.5 % + 1 wei more. */
function bumpedFee(fee: bigint): bigint {
  return fee + fee / 8n + 1n;
}
