import { Transaction } from 'ethers';
import type { CrashPoint } from '#core';
import { until } from '../support/until.js';
import type { Crew } from './crew.js';
import type { Orders } from './orders.js';

/** Places where a replica can die: those that it knows itself, and some that only others see. */
export type Place =
  | CrashPoint
  /** The node has the bytes of a new transaction, and the service no answer. */
  | 'sending'
  /** The same for a replacement. */
  | 'replacing'
  /** A replica that took over offers more, and dies before it does. */
  | 'bumped-again';

/** Who works, and on how much. */
export interface Shape {
  readonly name: string;
  readonly replicas: number;
  /** Models for which messages come at one instant. */
  readonly models: number;
  /** Whether the first transaction is not mined, and offered again for more, before anything else happens. */
  readonly replacing: boolean;
}

/** Brings about that a replica dies at one place with work in hand. Each way there throws when nobody did. */
export class Drill {
  constructor(
    private readonly crew: Crew,
    private readonly orders: Orders,
    private readonly shape: Shape,
  ) {}

  async at(place: Place): Promise<void> {
    switch (place) {
      case 'sending':
        return await this.whileSending(1);
      case 'replacing':
        return await this.whileSending(2);
      case 'bumped':
      case 'replaced':
        return await this.whileReplacing(place);
      case 'lane-acquired':
      case 'recovered':
      case 'resent':
        return await this.onTheWayBack(place);
      case 'bumped-again':
        return await this.onTheWayBack('bumped');
      case 'nonce-reset':
        return await this.withNonceTaken();
      case 'returned':
        return await this.whenOvertaken();
      case 'mined':
      case 'final':
      case 'published':
      case 'settled':
        return await this.afterSending(place);
      case 'claimed':
      case 'parsed':
      case 'admitted':
      case 'simulated':
      case 'adopting':
      case 'adopted':
      case 'signed':
      case 'committed':
      case 'sent':
      case 'failed':
        return await this.beforeSending(place);
    }
  }

  private async beforeSending(place: CrashPoint): Promise<void> {
    if (this.shape.replacing) await this.replacement();
    const messages = await this.messagesFor(place);
    this.crew.crashAt(place);
    await this.hand(messages);
    await this.died(place);
  }

  private async afterSending(place: CrashPoint): Promise<void> {
    if (!this.shape.replacing) return await this.beforeSending(place);
    const attempts = await this.replacement();
    this.crew.crashAt(place);
    // Sometimes the first attempt is mined after all, sometimes the last.
    if (place === 'mined' || place === 'published') {
      await this.crew.site.anvil.request('eth_sendRawTransaction', [attempts[0]]);
    } else {
      this.crew.openGates();
    }
    await this.died(place);
  }

  /** @param attempt of the newest nonce */
  private async whileSending(attempt: number): Promise<void> {
    const { crew, shape } = this;
    const behind = shape.replacing && attempt === 1;
    if (behind) await this.replacement();
    if (attempt > 1) crew.treat('hold');
    const nonce = (await crew.site.nonce(crew.wallet.address)) + (behind ? 1 : 0);
    let struck = false;
    for (const [index, gate] of crew.gates.entries()) {
      gate.onTaken = () => {
        struck = this.attemptsOf(nonce).length >= attempt;
        if (struck) crew.replicas[index]?.signal('SIGKILL');
      };
    }
    await this.hand(this.draw());
    await crew.casualties(1);
    if (!struck) throw new Error('no transaction was being sent');
  }

  private async whileReplacing(place: CrashPoint): Promise<void> {
    this.crew.treat('hold');
    this.crew.crashAt(place);
    await this.hand(this.draw());
    await this.died(place);
  }

  /** One dies and leaves an open slot; who comes after it dies before it has seen to that. */
  private async onTheWayBack(place: CrashPoint): Promise<void> {
    const { crew, shape } = this;
    crew.treat('hold');
    if (shape.replacing) await this.replacement();
    crew.crashAt(shape.replacing ? 'bumped' : 'committed');
    if (!shape.replacing) await this.hand(this.draw());
    await this.died(shape.replacing ? 'bumped' : 'committed');
    if (crew.idle.length === crew.replicas.length) crew.launch({ CRASH_AT: place });
    else crew.crashAt(place);
    await this.died(place, crew.replicas.length);
  }

  private async withNonceTaken(): Promise<void> {
    await this.crew.killAll();
    await this.crew.site.foreign(this.crew.wallet);
    await this.hand(this.draw());
    this.crew.launch({ CRASH_AT: 'nonce-reset' });
    await this.died('nonce-reset');
  }

  private async whenOvertaken(): Promise<void> {
    const { crew } = this;
    crew.treat('lose');
    crew.crashAt('returned');
    const before = crew.sent.length;
    await this.hand(this.draw());
    await until('a transaction', () => crew.sent.length > before);
    await crew.site.foreign(crew.wallet);
    await this.died('returned');
  }

  /** A first transaction that no block takes is offered again. Returns its attempts. */
  private async replacement(): Promise<readonly string[]> {
    const { crew } = this;
    crew.treat('hold');
    const nonce = await crew.site.nonce(crew.wallet.address);
    await this.hand(this.draw());
    return await until('a replacement', () => {
      const attempts = this.attemptsOf(nonce);
      return attempts.length >= 2 && attempts;
    });
  }

  private attemptsOf(nonce: number): readonly string[] {
    return [...new Set(this.crew.sent)].filter((raw) => Transaction.from(raw).nonce === nonce);
  }

  private async messagesFor(place: CrashPoint): Promise<readonly string[]> {
    const messages = this.draw();
    if (place === 'adopting' || place === 'adopted') {
      for (const message of messages.slice(0, Math.ceil(messages.length / 2))) {
        await this.crew.site.deployedByAnother(message);
      }
    }
    if (place !== 'failed') return messages;
    const { message, rival } = this.orders.drawConflict(this.shape.name);
    await this.crew.site.deployedByAnother(rival);
    return [...messages, message];
  }

  private draw(): string[] {
    return this.orders.draw(this.shape.models, this.shape.name);
  }

  /** Many at one instant, and then the first of them once more: a producer that did not hear of its success. */
  private async hand(messages: readonly string[]): Promise<void> {
    const [first] = messages;
    const repeated = first !== undefined && this.shape.models > 1 ? [first] : [];
    await this.crew.platform.pushTogether([...messages, ...repeated]);
  }

  private async died(place: CrashPoint, count = 1): Promise<void> {
    const output = await this.crew.casualties(count);
    if (!output.includes(`crash switch: SIGKILL at ${place}`)) throw new Error(`nobody died at ${place}:\n${output}`);
  }
}
