/** Milliseconds in which a repeated event is written once. */
const QUIET_MS = 60_000;
const MAX_KEYS = 1_000;

/** Events of a condition that a loop finds again with every iteration. Any other event happens once. */
const REPEATING: ReadonlySet<unknown> = new Set([
  'admission.batch_failed',
  'adoption.failed',
  'collector.failed',
  'consumer.failed',
  'consumer.paused',
  'fee_bump.postponed',
  'holds.share_failed',
  'http.access_refused',
  'idempotency_key.write_failed',
  'job.release_failed',
  'journal.write_failed',
  'lane.failed',
  'lane.orphan_check_failed',
  'lease.renewal_failed',
  'message.release_failed',
  'nonce.read_failed',
  'policy.read_failed',
  'queue.check_failed',
  'queue.depths_unavailable',
  'registration.check_failed',
  'replay.takeover_failed',
  'rpc.unavailable',
  'signer.open_failed',
  'startup.chain_unavailable',
  'submission.failed',
  'submission.held',
  'token.adoption_postponed',
  'token.verification_postponed',
  'tracking.failed',
  'transaction.answer_unknown',
  'transaction.read_failed',
]);
/** Fields that make a change of state. Texts may hold figures that change with every iteration. */
const IDENTITY = [
  'event',
  'reason',
  'lane',
  'signer',
  'nonce',
  'model_id',
  'endpoint',
  'status',
  'actor',
  'address',
  'code',
];

/** Writes the first line of a repeating condition at once, and then one a minute with the number of lines between. */
export class RepeatLimiter {
  /** By identity, the oldest first. */
  private readonly written = new Map<string, { readonly at: number; repeated: number }>();

  /** Returns the number of lines that were left out since the last one, or null to leave this one out. */
  admit(fields: Readonly<Record<string, unknown>>): number | null {
    if (!REPEATING.has(fields['event'])) return 0;
    const key = JSON.stringify([...IDENTITY.map((name) => fields[name]), errorKind(fields['error'])]);
    const last = this.written.get(key);
    if (last !== undefined && performance.now() - last.at < QUIET_MS) {
      last.repeated += 1;
      return null;
    }
    this.written.delete(key);
    this.forgetOldest();
    this.written.set(key, { at: performance.now(), repeated: 0 });
    return last?.repeated ?? 0;
  }

  private forgetOldest(): void {
    const [oldest] = this.written.keys();
    if (this.written.size >= MAX_KEYS && oldest !== undefined) this.written.delete(oldest);
  }
}

function errorKind(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return ['name' in error ? error.name : undefined, 'code' in error ? error.code : undefined];
}
