import type { QueueKeys } from '#queue';
import type { Command } from './append-only-file.js';

/** What one group of changes did. */
export interface ModelStep {
  /** By message: how many copies more, or fewer, there are. Messages that only moved are not in it. */
  readonly balance: ReadonlyMap<string, number>;
  /** Leases that ended, and the message of each. */
  readonly ended: ReadonlyMap<string, string>;
  /** Messages whose entries came to the dead letters. */
  readonly died: readonly string[];
}

/** The queue as it stands after the changes that were carried out so far. Knows no rule but those of Redis. */
export class QueueModel {
  /** The right end is the end of the array, as in Redis. */
  readonly main: string[] = [];
  readonly processing: string[] = [];
  readonly deadLetters: string[] = [];
  readonly delayed = new Set<string>();
  readonly leases = new Set<string>();
  readonly inflight = new Map<string, string>();
  private readonly balance = new Map<string, number>();
  private readonly ended = new Map<string, string>();
  private readonly died: string[] = [];

  constructor(private readonly keys: QueueKeys) {}

  /** @throws Error for a command on the queue that no script of the queue and no producer uses */
  apply(group: readonly Command[]): ModelStep {
    this.balance.clear();
    this.ended.clear();
    this.died.length = 0;
    for (const [name = '', key = '', ...args] of group) this.change(name.toUpperCase(), key, args);
    for (const [message, copies] of this.balance) if (copies === 0) this.balance.delete(message);
    return { balance: this.balance, ended: this.ended, died: this.died };
  }

  private change(name: string, key: string, args: readonly string[]): void {
    const { main, processing, deadLetter, delayed, leases, inflight } = this.keys;
    if (key === main) this.changeList(this.main, (message) => message, name, args);
    else if (key === processing) this.changeList(this.processing, (message) => message, name, args);
    else if (key === deadLetter) this.changeDeadLetters(name, args);
    else if (key === delayed) this.changeDelayed(name, args);
    else if (key === leases) this.changeLeases(name, args);
    else if (key === inflight) this.changeInflight(name, args);
  }

  private changeDeadLetters(name: string, args: readonly string[]): void {
    if (name === 'LPUSH') this.died.push(...args.map((entry) => messageOf(entry)));
    this.changeList(this.deadLetters, messageOf, name, args);
  }

  private changeList(
    list: string[],
    messageOfElement: (element: string) => string,
    name: string,
    args: readonly string[],
  ): void {
    const count = (elements: readonly string[], copies: number): void => {
      for (const element of elements) this.count(messageOfElement(element), copies);
    };
    switch (name) {
      case 'LPUSH':
        list.unshift(...args.toReversed());
        return count(args, 1);
      case 'RPUSH':
        list.push(...args);
        return count(args, 1);
      case 'RPOP':
        return count(list.splice(-Number(args[0] ?? 1)), -1);
      case 'LREM':
        return count(remove(list, Number(args[0]), args[1] ?? ''), -1);
      case 'LMOVE':
        if (this.move(list, args)) return;
    }
    throw unknownCommand(name, args);
  }

  /** Moves a message to processing, as a claim does, or onto its own place, as a wait does. False for any other move. */
  private move(list: string[], [destination, ...ends]: readonly string[]): boolean {
    const { main, processing } = this.keys;
    if (list !== this.main) return false;
    if (destination === main) return ends.join(' ').toUpperCase() === 'RIGHT RIGHT';
    if (destination !== processing || ends.join(' ').toUpperCase() !== 'RIGHT LEFT') return false;
    this.processing.unshift(...list.splice(-1));
    return true;
  }

  private changeDelayed(name: string, args: readonly string[]): void {
    if (name !== 'ZADD' && name !== 'ZREM') throw unknownCommand(name, args);
    for (const member of name === 'ZADD' ? membersOf(args) : args) {
      const before = this.delayed.size;
      if (name === 'ZADD') this.delayed.add(member);
      else this.delayed.delete(member);
      this.count(member.slice(member.indexOf('\n') + 1), this.delayed.size - before);
    }
  }

  private changeLeases(name: string, args: readonly string[]): void {
    if (name === 'ZADD') for (const lease of membersOf(args)) this.leases.add(lease);
    else if (name === 'ZREM') for (const lease of args) this.leases.delete(lease);
    else throw unknownCommand(name, args);
  }

  private changeInflight(name: string, args: readonly string[]): void {
    if (name === 'HSET') {
      for (let at = 0; at < args.length; at += 2) this.inflight.set(args[at] ?? '', args[at + 1] ?? '');
    } else if (name === 'HDEL') {
      for (const lease of args) {
        this.ended.set(lease, this.inflight.get(lease) ?? '');
        this.inflight.delete(lease);
      }
    } else throw unknownCommand(name, args);
  }

  private count(message: string, copies: number): void {
    this.balance.set(message, (this.balance.get(message) ?? 0) + copies);
  }
}

/** The message that a dead letter holds. */
function messageOf(entry: string): string {
  return (JSON.parse(entry) as { original_message: string }).original_message;
}

/** Scores and members in turn. */
function membersOf(args: readonly string[]): readonly string[] {
  return args.filter((_, index) => index % 2 === 1);
}

/** @param count as LREM takes it: from the left, or from the right where it is negative */
function remove(list: string[], count: number, element: string): readonly string[] {
  const removed: string[] = [];
  while (removed.length < Math.abs(count)) {
    const index = count < 0 ? list.lastIndexOf(element) : list.indexOf(element);
    if (index < 0) break;
    removed.push(...list.splice(index, 1));
  }
  return removed;
}

function unknownCommand(name: string, args: readonly string[]): Error {
  return new Error(`the audit does not know what ${name} ${args.join(' ').slice(0, 200)} means`);
}
