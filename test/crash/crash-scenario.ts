import { Transaction } from 'ethers';
import type { Failpoint } from '#core';
import { until } from '../support/until.js';
import type { ReplicaSet } from './replica-set.js';
import type { Step } from './contract-setup.js';
import { type ExpectedOutcomes, requestOf } from './expected-outcomes.js';

/** Places where a replica can die: those that it knows itself, and some that only others see. */
export type Place =
  | Failpoint
  /** The node has the bytes of a new transaction, and the service no answer. */
  | 'sending'
  /** The same for a replacement. */
  | 'replacing'
  /** A replica that took over offers more, and dies before it does. */
  | 'bumped-again'
  /** Written down that somebody else has to take the last step. */
  | 'left'
  /** Written down that somebody else has taken it. */
  | 'completed';

/** Who works, and on how much. */
export interface Scenario {
  readonly name: string;
  readonly replicas: number;
  /** Models for which messages come at one instant. */
  readonly models: number;
  /** Whether the first transaction is not mined, and offered again for more, before anything else happens. */
  readonly replacing?: boolean;
  /** Whether somebody else does on chain what a transaction is about, while that waits to be mined. */
  readonly preceded?: boolean;
  /** Accounts of the crew; 1 without. */
  readonly keys?: number;
  /** Whether the last step is somebody else's. */
  readonly governed?: boolean;
}

/**
 * Brings about that a replica dies at one place with work in hand: on its first way to there when `step` is the first,
 * and otherwise when the transactions of all steps before are mined. Each way there throws when nobody did.
 */
export class CrashScenario {
  private readonly before: readonly string[];
  /** The step before; undefined for the first. */
  private readonly previous: Step | undefined;

  constructor(
    private readonly crew: ReplicaSet,
    private readonly orders: ExpectedOutcomes,
    private readonly shape: Scenario,
    private readonly step: Step,
  ) {
    this.before = crew.sent;
    const { steps } = crew.contracts;
    this.previous = steps[steps.indexOf(step) - 1];
  }

  async at(place: Place): Promise<void> {
    await this.trigger(place);
    await this.requireStep();
  }

  private async trigger(place: Place): Promise<void> {
    if (this.shape.preceded === true) return await this.whenPreceded(place as Failpoint);
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
      case 'left':
        return await this.fromTheStart('published');
      case 'completed':
        return await this.whenCompleted();
      case 'mined':
      case 'final':
      case 'published':
      case 'settled':
        return await this.afterSending(place);
      case 'adopting':
      case 'adopted':
      case 'failed':
        return await this.withOthers(place);
      case 'claimed':
      case 'parsed':
      case 'admitted':
        return await this.takingIn(place);
      case 'simulated':
      case 'signed':
      case 'committed':
      case 'sent':
        return await this.beforeSending(place);
    }
  }

  private async fromTheStart(place: Failpoint): Promise<void> {
    this.crew.crashAt(place);
    await this.hand(this.draw());
    await this.died(place);
  }

  /** With messages that come while a replacement waits, or once more when the step was reached. */
  private async takingIn(place: Failpoint): Promise<void> {
    const { crew, shape } = this;
    if (shape.replacing === true) await this.replacement();
    else if (this.previous !== undefined) {
      const messages = this.draw();
      await this.held(this.step, messages);
      crew.crashAt(place);
      await crew.platform.pushTogether(messages);
      return await this.died(place);
    }
    await this.fromTheStart(place);
  }

  private async beforeSending(place: Failpoint): Promise<void> {
    if (this.shape.replacing === true) await this.replacement();
    else if (this.previous !== undefined) {
      const raws = await this.held(this.previous, this.draw());
      this.crew.crashAt(place);
      await this.crew.pass(raws);
      return await this.died(place);
    }
    await this.fromTheStart(place);
  }

  private async afterSending(place: Failpoint): Promise<void> {
    const { crew, shape } = this;
    if (shape.replacing !== true && this.previous === undefined) return await this.fromTheStart(place);
    const raws = shape.replacing === true ? await this.replacement() : await this.held(this.step, this.draw());
    crew.crashAt(place);
    // Sometimes the first attempt is mined after all, sometimes the last.
    if (shape.replacing === true && place !== 'mined' && place !== 'published') crew.openGates();
    else await crew.pass(shape.replacing === true ? raws.slice(0, 1) : raws);
    await this.died(place);
  }

  /** @param attempt of the newest nonce */
  private async whileSending(attempt: number): Promise<void> {
    const { crew, shape, step } = this;
    const behind = shape.replacing === true && attempt === 1;
    if (behind) await this.replacement();
    if (attempt > 1) crew.treat('hold', step);
    const known = new Set(this.sent.map(slotOf));
    let struck = false;
    for (const [index, gate] of crew.gates.entries()) {
      gate.onTaken = (raw) => {
        if (known.has(slotOf(raw)) || !(behind || crew.stepOf(raw) === step)) return;
        if (this.attemptsOf(raw).length < attempt) return;
        struck = true;
        crew.replicas[index]?.signal('SIGKILL');
      };
    }
    await this.hand(this.draw());
    await crew.casualties(1);
    if (!struck) throw new Error('no transaction was being sent');
  }

  private async whileReplacing(place: Failpoint): Promise<void> {
    this.crew.treat('hold', this.step);
    if (this.previous === undefined) return await this.fromTheStart(place);
    // The steps before may be offered again, too, where blocks are slow.
    await this.hand(this.draw());
    await this.first();
    this.crew.crashAt(place);
    await this.died(place);
  }

  /** One dies and leaves an open slot; who comes after it dies before it has seen to that. */
  private async onTheWayBack(place: Failpoint): Promise<void> {
    const { crew, shape, step, previous } = this;
    const death = shape.replacing === true ? 'bumped' : 'committed';
    if (shape.replacing === true) {
      await this.replacement();
      crew.crashAt(death);
    } else if (previous === undefined) {
      crew.treat('hold', step);
      crew.crashAt(death);
      await this.hand(this.draw());
    } else {
      const raws = await this.held(previous, this.draw());
      crew.treat('hold', step);
      crew.crashAt(death);
      await crew.pass(raws);
    }
    await this.died(death);
    if (crew.idle.length === crew.replicas.length) crew.launch({ FAILPOINT: place });
    else crew.crashAt(place);
    await this.died(place, crew.replicas.length);
  }

  private async withNonceTaken(): Promise<void> {
    const { crew } = this;
    const messages = this.draw();
    if (this.previous === undefined) {
      await crew.killAll();
      await this.foreign();
      await this.hand(messages);
    } else {
      const raws = await this.held(this.previous, messages);
      crew.crashAt('settled');
      await crew.pass(raws);
      await this.died('settled');
      await crew.killAll();
      await this.foreign();
    }
    crew.launch({ FAILPOINT: 'nonce-reset' });
    await this.died('nonce-reset');
  }

  private async whenOvertaken(): Promise<void> {
    const { crew } = this;
    crew.treat('lose', this.step);
    crew.crashAt('returned');
    await this.hand(this.draw());
    const { from, nonce } = Transaction.from(await this.first());
    await until('its turn', async () => (await crew.site.nonce(from ?? '')) === nonce);
    await this.foreign(from);
    await this.died('returned');
  }

  /** Somebody else was there first: with what the messages ask for, or with what makes one of them impossible. */
  private async withOthers(place: Failpoint): Promise<void> {
    const { crew, orders, step, previous } = this;
    const messages = this.draw();
    const fulfilled = place === 'failed' ? [] : messages.slice(0, Math.ceil(messages.length / 2));
    const contested = place === 'failed' ? [orders.drawDead(this.newModelId())] : [];
    const intervene = async (): Promise<void> => {
      for (const message of fulfilled) await crew.contracts.fulfil(requestOf(message));
      for (const message of contested) await crew.contracts.contest(requestOf(message), step);
    };
    if (this.shape.governed === true) orders.left -= fulfilled.length;
    if (previous === undefined) {
      await intervene();
      crew.crashAt(place);
      await this.hand([...messages, ...contested]);
    } else {
      const raws = await this.held(previous, [...messages, ...contested]);
      await crew.killAll();
      crew.treat('pass');
      await crew.pass(raws);
      await until('the step before', () => this.areMined(raws));
      await intervene();
      crew.launch({ FAILPOINT: place });
    }
    await this.died(place);
  }

  /** While a transaction waits, somebody else does what it is about: it can only fail. */
  private async whenPreceded(place: Failpoint): Promise<void> {
    const { crew, orders, shape, step } = this;
    const contested = place === 'failed' || this.previous === undefined;
    const modelIds = Array.from({ length: shape.models }, () => this.newModelId());
    const messages = contested ? modelIds.map((modelId) => orders.drawDead(modelId)) : orders.draw(modelIds);
    const raws = await this.held(step, messages);
    for (const message of messages) {
      if (contested) await crew.contracts.contest(requestOf(message), step);
      else await crew.contracts.fulfil(requestOf(message));
    }
    orders.revertedTransactions += messages.length;
    crew.treat('pass');
    crew.crashAt(place);
    await crew.pass(raws);
    await this.died(place);
  }

  private async whenCompleted(): Promise<void> {
    const { crew } = this;
    const messages = this.draw();
    await this.hand(messages);
    await crew.settled();
    crew.crashAt('published');
    for (const message of messages) await crew.contracts.fulfil(requestOf(message));
    await this.died('published');
  }

  /** A first transaction that no block takes is offered again. Returns its attempts. */
  private async replacement(): Promise<readonly string[]> {
    this.crew.treat('hold', this.step);
    await this.hand(this.draw());
    const first = await this.first();
    return await until('a replacement', () => {
      const attempts = this.attemptsOf(first);
      return attempts.length >= 2 && attempts;
    });
  }

  /** Hands messages over, and waits until a transaction of the step waits for each, as the crew knows. Returns those. */
  private async held(step: Step, messages: readonly string[]): Promise<readonly string[]> {
    this.crew.treat('hold', step);
    await this.hand(messages);
    return await until(`the step "${step}" of all models`, () => {
      const raws = this.sent.filter((raw) => this.crew.stepOf(raw) === step);
      const heard = raws.every((raw) => this.crew.hasReported(raw));
      return heard && new Set(raws.map(slotOf)).size === messages.length && raws;
    });
  }

  /** The first transaction of the step. */
  private async first(): Promise<string> {
    const { crew, step } = this;
    return await until('a transaction', () => this.sent.find((raw) => crew.stepOf(raw) === step));
  }

  /** What was sent since the drill began, each once. */
  private get sent(): readonly string[] {
    return [...new Set(this.crew.sent)].filter((raw) => !this.before.includes(raw));
  }

  private attemptsOf(raw: string): readonly string[] {
    return this.sent.filter((other) => slotOf(other) === slotOf(raw));
  }

  /** As many messages as the shape wants, for new models. */
  private draw(): string[] {
    const { orders, shape } = this;
    if (shape.governed === true) orders.left += shape.models;
    return orders.draw(Array.from({ length: shape.models }, () => this.newModelId()));
  }

  private newModelId(): string {
    return this.crew.contracts.newModelId(this.shape.name);
  }

  /** Many at one instant, and then the first of them once more: a producer that did not hear of its success. */
  private async hand(messages: readonly string[]): Promise<void> {
    const [first] = messages;
    const repeated = first !== undefined && this.shape.models > 1 ? [first] : [];
    await this.crew.platform.pushTogether([...messages, ...repeated]);
  }

  /** @param sender whose nonce is taken; the first account's without */
  private async foreign(sender?: string | null): Promise<void> {
    const { site, wallets } = this.crew;
    const wallet = wallets.find(({ address }) => address === sender) ?? wallets[0];
    if (wallet) await site.foreign(wallet);
    this.orders.foreign += 1;
  }

  private async died(place: Failpoint, count = 1): Promise<void> {
    const output = await this.crew.casualties(count);
    if (!output.includes(`crash switch: SIGKILL at ${place}`)) throw new Error(`nobody died at ${place}:\n${output}`);
  }

  /** Whoever died in a later step must have done the one before. */
  private async requireStep(): Promise<void> {
    const { crew, previous, step } = this;
    if (previous === undefined) return;
    const raws = this.sent.filter((raw) => crew.stepOf(raw) === previous);
    for (const raw of raws) if (await this.areMined([raw])) return;
    throw new Error(`somebody died before the step "${step}"`);
  }

  private async areMined(raws: readonly string[]): Promise<boolean> {
    const mined = await Promise.all(raws.map((raw) => this.crew.site.isMined(raw)));
    return mined.every((each) => each);
  }
}

/** One account's nonce: attempts with the same differ in what they offer alone. */
function slotOf(raw: string): string {
  const { from, nonce } = Transaction.from(raw);
  return `${from} ${nonce}`;
}
