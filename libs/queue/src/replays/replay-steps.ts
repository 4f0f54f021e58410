import type { DeadLetter, ReplayedEntry, ReplayLease, ReplayStep, StepResult } from '#core';
import { LuaScript, type ScriptArgument } from '#redis';
import type { Redis } from 'ioredis';
import { type QueueKeys, replayKeys } from '../queue-keys.js';
import { idsText } from './replay.codec.js';
import { text, UnexpectedReplyError } from '../replies.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/audit.lua', import.meta.url),
  new URL('../lua/meta.lua', import.meta.url),
  new URL('../lua/requeue.lua', import.meta.url),
  new URL('../lua/replay-step.lua', import.meta.url),
);

/** Maximum stored results per run. */
const MAX_RESULTS = 1_000;

/** Executes the steps of a replay run. */
export class ReplaySteps {
  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
    private readonly leaseMs: number,
  ) {}

  /** @param step with at most a few thousand entries: Lua accepts fewer than 8,000 values */
  async take(lease: ReplayLease, step: ReplayStep): Promise<StepResult> {
    const { id, action } = lease.run.request;
    const { run, results, digests } = replayKeys(this.keys, id);
    const { deadLetter, main, meta, stalls, audit } = this.keys;
    const reply = await SCRIPT.runIdempotent(
      this.redis,
      [run, results, digests, deadLetter, main, meta, stalls, audit],
      [
        ...this.place(lease, step),
        ...pushed(step.push),
        id,
        action.actor,
        action.requestId,
        ...step.stayed.flatMap((entry) => [entry.outcome, idsText(entry)]),
      ],
    );
    return typeof reply === 'number' ? { kind: 'wait', ms: reply } : resultOf(text(reply), lease, step);
  }

  private place({ token, steps }: ReplayLease, { position, unselected }: ReplayStep): readonly ScriptArgument[] {
    return [token, this.leaseMs, steps, position, unselected, MAX_RESULTS];
  }
}

/** Returns element, message, replay count, id and ids as JSON. */
function pushed(entry: DeadLetter | null): readonly ScriptArgument[] {
  if (entry === null || entry.originalMessage === null) return ['', '', 0, '', ''];
  return [entry.element, entry.originalMessage, entry.replayCount + 1, entry.id, idsText(entry)];
}

function resultOf(result: string, lease: ReplayLease, step: ReplayStep): StepResult {
  if (result === 'fenced' || result === 'cancelled' || result === 'repeated') return { kind: result };
  const outcome = result === 'replayed' || result === 'gone' ? result : null;
  if (outcome === null && result !== 'taken') throw new UnexpectedReplyError('the result of a step');
  return { kind: 'taken', outcome, lease: after(lease, step, outcome) };
}

/** Returns the lease after the step. */
function after(lease: ReplayLease, step: ReplayStep, outcome: 'replayed' | 'gone' | null): ReplayLease {
  const counts = { ...lease.run.counts };
  const passed: readonly Pick<ReplayedEntry, 'outcome'>[] =
    outcome === null ? step.stayed : [...step.stayed, { outcome }];
  for (const entry of passed) counts[entry.outcome] += 1;
  const examined = lease.run.examined + step.unselected + passed.length;
  return { ...lease, steps: lease.steps + 1, run: { ...lease.run, position: step.position, examined, counts } };
}
