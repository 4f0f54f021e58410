import type { Settlement, SettleResult } from '#core';
import { LuaScript, type ScriptArgument } from '#redis';
import type { Redis } from 'ioredis';
import type { QueueKeys } from '../queue-keys.js';
import { text, UnexpectedReplyError } from '../replies.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/meta.lua', import.meta.url),
  new URL('../lua/lease-name.lua', import.meta.url),
  new URL('../lua/head.lua', import.meta.url),
  new URL('../lua/settle.lua', import.meta.url),
);

/** Maximum settlements per script call. Lua accepts fewer than 8,000 values, and a script blocks Redis. */
const BATCH = 500;
/** A settlement that moves the bytes of its message counts as this many, so that a script moves at most 50 messages. */
const MOVE_COST = 10;

const RESULTS: ReadonlyMap<string, SettleResult> = new Map([
  ['s', 'settled'],
  ['a', 'already'],
  ['f', 'fenced'],
]);

export interface SettledLease {
  readonly lease: string;
  readonly settlement: Settlement;
}

/** Settles leases in batches. */
export class Settlements {
  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
  ) {}

  /** Sends the last batch first: each release goes to the head of the queue. */
  async settle(settlements: readonly SettledLease[]): Promise<readonly SettleResult[]> {
    const results: SettleResult[] = [];
    for (let end = settlements.length; end > 0;) {
      const start = startOfBatch(settlements, end);
      results.unshift(...(await this.settleBatch(settlements.slice(start, end))));
      end = start;
    }
    return results;
  }

  private async settleBatch(settlements: readonly SettledLease[]): Promise<SettleResult[]> {
    const { processing, leases, inflight, meta, stalls, fenced, main, delayed, deadLetter } = this.keys;
    const reply = await SCRIPT.runIdempotent(
      this.redis,
      [processing, leases, inflight, meta, stalls, fenced, main, delayed, deadLetter],
      argumentsOf(settlements),
    );
    return Array.from(text(reply), settleResult);
  }
}

function startOfBatch(settlements: readonly SettledLease[], end: number): number {
  let cost = 0;
  for (let start = end; start > 0; start -= 1) {
    cost += settlements[start - 1]?.settlement.kind === 'ack' ? 1 : MOVE_COST;
    if (cost > BATCH) return start;
  }
  return 0;
}

/** Groups adjacent equal settlements as kind, value, count and leases. */
function argumentsOf(settlements: readonly SettledLease[]): readonly ScriptArgument[] {
  const result: ScriptArgument[] = [];
  for (let at = 0; at < settlements.length;) {
    const { kind, value, leases } = groupEqual(settlements, at);
    result.push(kind, value, leases.length, ...leases);
    at += leases.length;
  }
  return result;
}

function groupEqual(settlements: readonly SettledLease[], at: number) {
  const kind = settlements[at]?.settlement.kind ?? '';
  const value = valueOf(settlements[at]?.settlement);
  const leases: string[] = [];
  for (let next = settlements[at]; next !== undefined; next = settlements[at + leases.length]) {
    if (next.settlement.kind !== kind || valueOf(next.settlement) !== value) break;
    leases.push(next.lease);
  }
  return { kind, value, leases };
}

function valueOf(settlement: Settlement | undefined): ScriptArgument {
  if (settlement?.kind === 'retry' || settlement?.kind === 'delay') return Math.max(0, Math.round(settlement.delayMs));
  return settlement?.kind === 'dead-letter' ? settlement.entry : '';
}

function settleResult(letter: string): SettleResult {
  const result = RESULTS.get(letter);
  if (result === undefined) throw new UnexpectedReplyError('settled, already or fenced');
  return result;
}
