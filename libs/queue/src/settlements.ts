import type { Settlement, SettleResult } from '#core';
import { LuaScript, type ScriptArgument } from '#redis';
import type { Redis } from 'ioredis';
import type { QueueKeys } from './queue-keys.js';
import { list, text, UnexpectedReply } from './replies.js';

const SCRIPT = new LuaScript(
  new URL('./lua/clock.lua', import.meta.url),
  new URL('./lua/meta.lua', import.meta.url),
  new URL('./lua/head.lua', import.meta.url),
  new URL('./lua/settle.lua', import.meta.url),
);

/** Settlements in one script. Lua takes less than 8,000 values in one call, and Redis serves nobody else meanwhile. */
const BATCH = 500;

export interface SettledLease {
  readonly lease: string;
  readonly settlement: Settlement;
}

/** Ends leases, many in one script. */
export class Settlements {
  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
  ) {}

  async settle(settlements: readonly SettledLease[]): Promise<readonly SettleResult[]> {
    const results: SettleResult[] = [];
    for (let at = 0; at < settlements.length; at += BATCH) {
      results.push(...(await this.settleBatch(settlements.slice(at, at + BATCH))));
    }
    return results;
  }

  private async settleBatch(settlements: readonly SettledLease[]): Promise<readonly SettleResult[]> {
    const { processing, leases, inflight, meta, stalls, fenced, main, delayed, deadLetter } = this.keys;
    const reply = await SCRIPT.runUntilReplied(
      this.redis,
      [processing, leases, inflight, meta, stalls, fenced, main, delayed, deadLetter],
      settlements.flatMap(({ lease, settlement }) => [lease, settlement.kind, valueOf(settlement)]),
    );
    return list(reply).map((result) => settleResult(text(result)));
  }
}

function valueOf(settlement: Settlement): ScriptArgument {
  if (settlement.kind === 'retry') return Math.max(0, Math.round(settlement.delayMs));
  return settlement.kind === 'dead-letter' ? settlement.entry : '';
}

function settleResult(result: string): SettleResult {
  if (result === 'settled' || result === 'already' || result === 'fenced') return result;
  throw new UnexpectedReply('settled, already or fenced');
}
