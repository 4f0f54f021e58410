import { Transaction } from 'ethers';
import { requestedModels } from '#contracts';
import type { ChainHarness } from '../../support/chain-harness.js';
import type { ChainReplica } from '../../support/chain-replica.js';

interface Sent {
  readonly hash: string;
  readonly nonce: number;
  readonly models: readonly string[];
}

/** Looks at every transaction on its way to the node, and complains of those that must not leave. */
export class SentTransactions {
  readonly complaints: string[] = [];
  private readonly seen = new Map<string, Sent>();

  constructor(
    private readonly chain: ChainHarness,
    private readonly replica: ChainReplica,
    private readonly confirmations: number,
  ) {
    chain.proxy.before('eth_sendRawTransaction', async ([raw]) => await this.look(String(raw)));
  }

  /** J3: the model's only transaction was given up. */
  async givenUp(model: string): Promise<void> {
    const sent = [...this.seen.values()].filter(({ models }) => models.includes(model));
    const [first] = sent;
    // A second nonce was looked at when it was sent.
    if (!first || sent.some(({ nonce }) => nonce !== first.nonce) || (await this.isFinallyTaken(first))) return;
    this.complaints.push(`J3: nonce ${first.nonce} of ${model} was given up and may still be mined`);
  }

  private async look(raw: string): Promise<void> {
    const { hash, nonce, data } = Transaction.from(raw);
    const sent = { hash: String(hash), nonce, models: requestedModels(data) ?? [] };
    await this.requireJournalled(sent, raw);
    for (const earlier of this.seen.values()) await this.requireReason(earlier, sent);
    this.seen.set(sent.hash, sent);
  }

  /** J1 */
  private async requireJournalled(sent: Sent, raw: string): Promise<void> {
    const slot = (await this.replica.slots()).find(({ nonce }) => nonce === sent.nonce);
    // A slot that was settled meanwhile is gone, and its transaction mined.
    if (slot?.attempts.some((attempt) => attempt.raw === raw) === true || (await this.isMined(sent.hash))) return;
    this.complaints.push(`J1: nonce ${sent.nonce} was sent and is not in the journal`);
  }

  /** J2: one nonce asks for the same models always. J3: another nonce for a model only when the first is taken for good. */
  private async requireReason(earlier: Sent, sent: Sent): Promise<void> {
    if (earlier.nonce === sent.nonce) {
      const changed = earlier.models.join() !== sent.models.join() && !(await this.isFinallyTaken(earlier));
      if (changed)
        this.complaints.push(
          `J2: nonce ${sent.nonce} asked for ${earlier.models.join()} and for ${sent.models.join()}`,
        );
    } else if (earlier.models.some((model) => sent.models.includes(model)) && !(await this.isFinallyTaken(earlier))) {
      this.complaints.push(
        `J3: ${sent.models.join()} got nonce ${sent.nonce} while ${earlier.nonce} may still be mined`,
      );
    }
  }

  private async isFinallyTaken({ hash, nonce }: Sent): Promise<boolean> {
    const head = Number(await this.chain.anvil.request('eth_blockNumber'));
    const block = `0x${Math.max(0, head - this.confirmations + 1).toString(16)}`;
    const account = this.chain.deployer.address;
    const used = Number(await this.chain.anvil.request('eth_getTransactionCount', [account, block]));
    return used > nonce && !(await this.isMined(hash));
  }

  private async isMined(hash: string): Promise<boolean> {
    return (await this.chain.anvil.request('eth_getTransactionReceipt', [hash])) !== null;
  }
}
