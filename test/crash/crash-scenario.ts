import { Transaction } from 'ethers';
import type { Failpoint } from '#core';
import { until } from '../support/until.js';
import type { ReplicaSet } from './replica-set.js';
import type { Step } from './contract-setup.js';
import { type ExpectedOutcomes, requestOf } from './expected-outcomes.js';

/** Places where a replica can die: those that it knows itself, and some that only others see. */
export type CrashLocation =
  | Failpoint
  /** The node has the bytes of a new transaction, and the service no answer. */
  | 'sending'
  /** The same for a replacement. */
  | 'replacing'
  /** A replica that took over offers more, and dies before it does. */
  | 'bumped-again'
  /** Recorded that the external owner has to take the last step. */
  | 'left'
  /** Recorded that the external owner has taken it. */
  | 'completed';

/** Who works, and on how much. */
export interface Scenario {
  readonly name: string;
  readonly replicas: number;
  /** Models for which messages come at one instant. */
  readonly models: number;
  /** Whether the first transaction is not mined, and offered again for more, before anything else happens. */
  readonly feeBump?: boolean;
  /** Whether a competitor does the same on chain while the transaction is pending. */
  readonly overtaken?: boolean;
  /** Accounts of the replicas. Default: 1. */
  readonly accounts?: number;
  /** Whether an external owner takes the last step. */
  readonly externalOwner?: boolean;
}

/**
 * Brings about that a replica dies at one place with work in hand: on its first way to there when `step` is the first,
 * and otherwise when the transactions of all steps before are mined. Each scenario throws when no replica died there.
 */
export class CrashScenario {
  private readonly sentBefore: readonly string[];
  /** The step before; undefined for the first. */
  private readonly previousStep: Step | undefined;

  constructor(
    private readonly replicas: ReplicaSet,
    private readonly expected: ExpectedOutcomes,
    private readonly scenario: Scenario,
    private readonly step: Step,
  ) {
    this.sentBefore = replicas.sent;
    const { steps } = replicas.contracts;
    this.previousStep = steps[steps.indexOf(step) - 1];
  }

  async runAt(place: CrashLocation): Promise<void> {
    await this.trigger(place);
    await this.assertPreviousStepMined();
  }

  private async trigger(place: CrashLocation): Promise<void> {
    if (this.scenario.overtaken === true) return await this.whenOvertaken(place as Failpoint);
    switch (place) {
      case 'sending':
        return await this.whileSending(1);
      case 'replacing':
        return await this.whileSending(2);
      case 'bumped':
      case 'replaced':
        return await this.duringFeeBump(place);
      case 'lane-acquired':
      case 'recovered':
      case 'resent':
        return await this.duringRecovery(place);
      case 'bumped-again':
        return await this.duringRecovery('bumped');
      case 'nonce-reset':
        return await this.withForeignNonce();
      case 'returned':
        return await this.afterForeignTransaction();
      case 'left':
        return await this.onFirstMessage('published');
      case 'completed':
        return await this.afterExternalRegistration();
      case 'mined':
      case 'final':
      case 'published':
      case 'settled':
        return await this.afterSending(place);
      case 'adopting':
      case 'adopted':
      case 'failed':
        return await this.withCompetitor(place);
      case 'claimed':
      case 'parsed':
      case 'admitted':
        return await this.duringAdmission(place);
      case 'simulated':
      case 'signed':
      case 'committed':
      case 'sent':
        return await this.beforeSending(place);
    }
  }

  private async onFirstMessage(place: Failpoint): Promise<void> {
    this.replicas.crashAt(place);
    await this.pushMessages(this.newMessages());
    await this.waitForDeath(place);
  }

  /** With messages that come while a replacement waits, or once more when the step was reached. */
  private async duringAdmission(place: Failpoint): Promise<void> {
    const { replicas, scenario } = this;
    if (scenario.feeBump === true) await this.waitForFeeBump();
    else if (this.previousStep !== undefined) {
      const messages = this.newMessages();
      await this.pushAndHold(this.step, messages);
      replicas.crashAt(place);
      await replicas.platform.pushAtOnce(messages);
      return await this.waitForDeath(place);
    }
    await this.onFirstMessage(place);
  }

  private async beforeSending(place: Failpoint): Promise<void> {
    if (this.scenario.feeBump === true) await this.waitForFeeBump();
    else if (this.previousStep !== undefined) {
      const raws = await this.pushAndHold(this.previousStep, this.newMessages());
      this.replicas.crashAt(place);
      await this.replicas.submitToChain(raws);
      return await this.waitForDeath(place);
    }
    await this.onFirstMessage(place);
  }

  private async afterSending(place: Failpoint): Promise<void> {
    const { replicas, scenario } = this;
    if (scenario.feeBump !== true && this.previousStep === undefined) return await this.onFirstMessage(place);
    const raws =
      scenario.feeBump === true ? await this.waitForFeeBump() : await this.pushAndHold(this.step, this.newMessages());
    replicas.crashAt(place);
    // Sometimes the first attempt is mined after all, sometimes the last.
    if (scenario.feeBump === true && place !== 'mined' && place !== 'published') replicas.openProxies();
    else await replicas.submitToChain(scenario.feeBump === true ? raws.slice(0, 1) : raws);
    await this.waitForDeath(place);
  }

  /** @param attempt of the newest nonce */
  private async whileSending(attempt: number): Promise<void> {
    const { replicas, scenario, step } = this;
    const behind = scenario.feeBump === true && attempt === 1;
    if (behind) await this.waitForFeeBump();
    if (attempt > 1) replicas.setHandling('hold', step);
    const known = new Set(this.sent.map(slotOf));
    let struck = false;
    for (const [index, gate] of replicas.proxies.entries()) {
      gate.onAccepted = (raw) => {
        if (known.has(slotOf(raw)) || !(behind || replicas.stepOf(raw) === step)) return;
        if (this.attemptsOf(raw).length < attempt) return;
        struck = true;
        replicas.replicas[index]?.signal('SIGKILL');
      };
    }
    await this.pushMessages(this.newMessages());
    await replicas.waitForDeaths(1);
    if (!struck) throw new Error('no transaction was being sent');
  }

  private async duringFeeBump(place: Failpoint): Promise<void> {
    this.replicas.setHandling('hold', this.step);
    if (this.previousStep === undefined) return await this.onFirstMessage(place);
    // The steps before may be offered again, too, where blocks are slow.
    await this.pushMessages(this.newMessages());
    await this.firstTransaction();
    this.replicas.crashAt(place);
    await this.waitForDeath(place);
  }

  /** One dies and leaves an open slot; who comes after it dies before it has seen to that. */
  private async duringRecovery(place: Failpoint): Promise<void> {
    const { replicas, scenario, step, previousStep } = this;
    const death = scenario.feeBump === true ? 'bumped' : 'committed';
    if (scenario.feeBump === true) {
      await this.waitForFeeBump();
      replicas.crashAt(death);
    } else if (previousStep === undefined) {
      replicas.setHandling('hold', step);
      replicas.crashAt(death);
      await this.pushMessages(this.newMessages());
    } else {
      const raws = await this.pushAndHold(previousStep, this.newMessages());
      replicas.setHandling('hold', step);
      replicas.crashAt(death);
      await replicas.submitToChain(raws);
    }
    await this.waitForDeath(death);
    if (replicas.stopped.length === replicas.replicas.length) replicas.launch({ FAILPOINT: place });
    else replicas.crashAt(place);
    await this.waitForDeath(place, replicas.replicas.length);
  }

  private async withForeignNonce(): Promise<void> {
    const { replicas } = this;
    const messages = this.newMessages();
    if (this.previousStep === undefined) {
      await replicas.killAll();
      await this.sendForeignTransaction();
      await this.pushMessages(messages);
    } else {
      const raws = await this.pushAndHold(this.previousStep, messages);
      replicas.crashAt('settled');
      await replicas.submitToChain(raws);
      await this.waitForDeath('settled');
      await replicas.killAll();
      await this.sendForeignTransaction();
    }
    replicas.launch({ FAILPOINT: 'nonce-reset' });
    await this.waitForDeath('nonce-reset');
  }

  private async afterForeignTransaction(): Promise<void> {
    const { replicas } = this;
    replicas.setHandling('lose', this.step);
    replicas.crashAt('returned');
    await this.pushMessages(this.newMessages());
    const { from, nonce } = Transaction.from(await this.firstTransaction());
    await until('its turn', async () => (await replicas.environment.nonce(from ?? '')) === nonce);
    await this.sendForeignTransaction(from);
    await this.waitForDeath('returned');
  }

  /** A competitor was first: with the same tokens, or with a conflict for one of them. */
  private async withCompetitor(place: Failpoint): Promise<void> {
    const { replicas, expected, step, previousStep } = this;
    const messages = this.newMessages();
    const fulfilled = place === 'failed' ? [] : messages.slice(0, Math.ceil(messages.length / 2));
    const contested = place === 'failed' ? [expected.expectDeadLetter(this.newModelId())] : [];
    const intervene = async (): Promise<void> => {
      for (const message of fulfilled) await replicas.contracts.deployAsTrusted(requestOf(message));
      for (const message of contested) await replicas.contracts.deployConflicting(requestOf(message), step);
    };
    if (this.scenario.externalOwner === true) expected.unregistered -= fulfilled.length;
    if (previousStep === undefined) {
      await intervene();
      replicas.crashAt(place);
      await this.pushMessages([...messages, ...contested]);
    } else {
      const raws = await this.pushAndHold(previousStep, [...messages, ...contested]);
      await replicas.killAll();
      replicas.setHandling('pass');
      await replicas.submitToChain(raws);
      await until('the step before', () => this.areMined(raws));
      await intervene();
      replicas.launch({ FAILPOINT: place });
    }
    await this.waitForDeath(place);
  }

  /** A competitor does the same while a transaction is pending, so the transaction reverts. */
  private async whenOvertaken(place: Failpoint): Promise<void> {
    const { replicas, expected, scenario, step } = this;
    const contested = place === 'failed' || this.previousStep === undefined;
    const modelIds = Array.from({ length: scenario.models }, () => this.newModelId());
    const messages = contested
      ? modelIds.map((modelId) => expected.expectDeadLetter(modelId))
      : expected.expectTokens(modelIds);
    const raws = await this.pushAndHold(step, messages);
    for (const message of messages) {
      if (contested) await replicas.contracts.deployConflicting(requestOf(message), step);
      else await replicas.contracts.deployAsTrusted(requestOf(message));
    }
    expected.revertedTransactions += messages.length;
    replicas.setHandling('pass');
    replicas.crashAt(place);
    await replicas.submitToChain(raws);
    await this.waitForDeath(place);
  }

  private async afterExternalRegistration(): Promise<void> {
    const { replicas } = this;
    const messages = this.newMessages();
    await this.pushMessages(messages);
    await replicas.waitUntilSettled();
    replicas.crashAt('published');
    for (const message of messages) await replicas.contracts.deployAsTrusted(requestOf(message));
    await this.waitForDeath('published');
  }

  /** A first transaction that no block takes is offered again. Returns its attempts. */
  private async waitForFeeBump(): Promise<readonly string[]> {
    this.replicas.setHandling('hold', this.step);
    await this.pushMessages(this.newMessages());
    const first = await this.firstTransaction();
    return await until('a replacement', () => {
      const attempts = this.attemptsOf(first);
      return attempts.length >= 2 && attempts;
    });
  }

  /** Hands messages over, and waits until a transaction of the step waits for each, as the crew knows. Returns those. */
  private async pushAndHold(step: Step, messages: readonly string[]): Promise<readonly string[]> {
    this.replicas.setHandling('hold', step);
    await this.pushMessages(messages);
    return await until(`the step "${step}" of all models`, () => {
      const raws = this.sent.filter((raw) => this.replicas.stepOf(raw) === step);
      const heard = raws.every((raw) => this.replicas.hasLoggedSend(raw));
      return heard && new Set(raws.map(slotOf)).size === messages.length && raws;
    });
  }

  /** The first transaction of the step. */
  private async firstTransaction(): Promise<string> {
    const { replicas, step } = this;
    return await until('a transaction', () => this.sent.find((raw) => replicas.stepOf(raw) === step));
  }

  /** What was sent since the drill began, each once. */
  private get sent(): readonly string[] {
    return [...new Set(this.replicas.sent)].filter((raw) => !this.sentBefore.includes(raw));
  }

  private attemptsOf(raw: string): readonly string[] {
    return this.sent.filter((other) => slotOf(other) === slotOf(raw));
  }

  /** As many messages as the shape wants, for new models. */
  private newMessages(): string[] {
    const { expected, scenario } = this;
    if (scenario.externalOwner === true) expected.unregistered += scenario.models;
    return expected.expectTokens(Array.from({ length: scenario.models }, () => this.newModelId()));
  }

  private newModelId(): string {
    return this.replicas.contracts.newModelId(this.scenario.name);
  }

  /** Many at one instant, and then the first of them once more: a producer that did not hear of its success. */
  private async pushMessages(messages: readonly string[]): Promise<void> {
    const [first] = messages;
    const repeated = first !== undefined && this.scenario.models > 1 ? [first] : [];
    await this.replicas.platform.pushAtOnce([...messages, ...repeated]);
  }

  /** @param sender whose nonce is taken; the first account's without */
  private async sendForeignTransaction(sender?: string | null): Promise<void> {
    const { environment, wallets } = this.replicas;
    const wallet = wallets.find(({ address }) => address === sender) ?? wallets[0];
    if (wallet) await environment.sendForeignTransaction(wallet);
    this.expected.foreignTransactions += 1;
  }

  private async waitForDeath(place: Failpoint, count = 1): Promise<void> {
    const output = await this.replicas.waitForDeaths(count);
    if (!output.includes(`failpoint: SIGKILL at ${place}`)) throw new Error(`no replica died at ${place}:\n${output}`);
  }

  /** Asserts that the replica that died in a later step had done the step before. */
  private async assertPreviousStepMined(): Promise<void> {
    const { replicas, previousStep, step } = this;
    if (previousStep === undefined) return;
    const raws = this.sent.filter((raw) => replicas.stepOf(raw) === previousStep);
    for (const raw of raws) if (await this.areMined([raw])) return;
    throw new Error(`a replica died before the step "${step}"`);
  }

  private async areMined(raws: readonly string[]): Promise<boolean> {
    const mined = await Promise.all(raws.map((raw) => this.replicas.environment.isMined(raw)));
    return mined.every((each) => each);
  }
}

/** One account's nonce: attempts with the same differ in what they offer alone. */
function slotOf(raw: string): string {
  const { from, nonce } = Transaction.from(raw);
  return `${from} ${nonce}`;
}
