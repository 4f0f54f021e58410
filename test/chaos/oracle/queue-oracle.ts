import { createHash } from 'node:crypto';
import type { QueueKeys } from '#queue';
import { INTENTS } from '../chaos-settings.js';
import { intentText, type LastSettlement } from '../worker/intents.js';
import { type Command } from './append-only-file.js';
import { QueueModel, type ModelStep } from './queue-model.js';

const MAX_VIOLATIONS = 20;

/** What the changes of a run amount to. */
export interface Counts {
  pushed: number;
  /** Acknowledged by a worker that said so before. */
  done: number;
  died: number;
  replayed: number;
  retried: number;
  /** Leases that a sweep took away. */
  expired: number;
  claimed: number;
}

/**
 * Follows every change that Redis made, in its order, and checks after each that no message was lost, doubled or stuck
 * (M1). It trusts no worker: a message may only leave the queue by the end of a lease whose holder had declared, in
 * Redis and before, that it acknowledges that very message.
 */
export class QueueOracle {
  readonly violations: string[] = [];
  readonly counts: Counts = { pushed: 0, done: 0, died: 0, replayed: 0, retried: 0, expired: 0, claimed: 0 };
  /** By message: copies that producers pushed. */
  readonly pushes = new Map<string, number>();
  readonly model: QueueModel;
  private readonly intents = new Set<string>();
  private steps = 0;
  private balanced = true;

  constructor(private readonly keys: QueueKeys) {
    this.model = new QueueModel(keys);
  }

  follow(group: readonly Command[]): void {
    this.steps += 1;
    this.record(group);
    const turn = this.model.apply(group);
    if (isPush(group, this.keys.main)) this.countPushes(turn);
    else this.checkBalance(turn);
    this.checkDeaths(turn);
    this.checkLeases();
  }

  private record(group: readonly Command[]): void {
    for (const [name, key, ...args] of group) {
      if (key === INTENTS) for (const intent of args) this.intents.add(intent);
      if (key === this.keys.inflight && name === 'HSET') this.counts.claimed += args.length / 2;
      if (key === this.keys.delayed && name === 'ZADD') this.counts.retried += args.length / 2;
      if (key === this.keys.fenced && name === 'ZADD') this.counts.expired += args.length / 2;
      if (key === this.keys.audit) this.counts.replayed += 1;
    }
  }

  private countPushes({ balance }: ModelStep): void {
    for (const [message, copies] of balance) {
      this.pushes.set(message, (this.pushes.get(message) ?? 0) + copies);
      this.counts.pushed += copies;
    }
  }

  private checkBalance({ balance, ended }: ModelStep): void {
    for (const [message, copies] of balance) {
      if (copies > 0) this.violation(`${copies} × ${message} came from nowhere`);
      const acknowledged = this.declared(ended, message, 'ack');
      if (-copies > acknowledged) this.violation(`${-copies - acknowledged} × ${message} was lost`);
      this.counts.done += Math.max(0, -copies);
    }
  }

  private checkDeaths({ died, ended }: ModelStep): void {
    for (const message of died) {
      this.counts.died += 1;
      if (this.declared(ended, message, 'dead-letter') === 0) this.violation(`${message} died without being given up`);
    }
  }

  private checkLeases(): void {
    const { processing, leases, inflight } = this.model;
    const balanced = processing.length === leases.size && leases.size === inflight.size;
    // Said once, not after every change from then on.
    if (this.balanced && !balanced) {
      this.violation(`${processing.length} messages in processing, ${leases.size} leases, ${inflight.size} in flight`);
    }
    this.balanced = balanced;
  }

  /** Leases on the message that ended, and whose holders had declared that end. */
  private declared(ended: ModelStep['ended'], message: string, kind: LastSettlement): number {
    const digest = createHash('sha1').update(message, 'latin1').digest('hex');
    return [...ended].filter(
      ([lease, bytes]) => bytes === message && this.intents.has(intentText({ lease, digest }, kind)),
    ).length;
  }

  private violation(text: string): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push(`change ${this.steps}: ${text}`);
  }
}

/** A producer pushes by one bare command; every script does something else as well. */
function isPush(group: readonly Command[], main: string): boolean {
  const [[name, key] = []] = group;
  return group.length === 1 && key === main && name?.toUpperCase() === 'LPUSH';
}
