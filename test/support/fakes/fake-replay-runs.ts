import {
  type DeadLetters,
  type ReplayedEntry,
  type ReplayLease,
  type ReplayRequest,
  type ReplayRun,
  ReplayRuns,
  type ReplayStep,
  type StartResult,
  type StepResult,
} from '#core';

const FRESH: Omit<ReplayRun, 'request' | 'total'> = {
  state: 'running',
  position: null,
  examined: 0,
  counts: { replayed: 0, gone: 0, unreplayable: 0, already_deployed: 0, repeated: 0 },
  cancelling: false,
  resumptions: 0,
  startedAt: 0,
  updatedAt: 0,
};

/** Runs in memory, over dead letters in memory. There is one process, so no lease is ever fenced. */
export class FakeReplayRuns extends ReplayRuns {
  readonly runs = new Map<string, ReplayRun>();
  private readonly passed = new Map<string, ReplayedEntry[]>();
  private abandoned: ReplayLease | null = null;

  constructor(private readonly deadLetters: DeadLetters) {
    super();
  }

  override async start(order: ReplayRequest): Promise<StartResult> {
    if (this.runs.has(order.id)) return { kind: 'known' };
    const other = [...this.runs.values()].find(({ state }) => state === 'running');
    if (other !== undefined) return { kind: 'busy', id: other.request.id };
    const { total } = await this.deadLetters.list({ limit: 1 });
    const run: ReplayRun = { ...FRESH, request: order, total };
    this.runs.set(order.id, run);
    this.passed.set(order.id, []);
    return { kind: 'started', lease: { token: 'token', steps: 0, run } };
  }

  override async takeOver(): Promise<ReplayLease | null> {
    const lease = this.abandoned;
    this.abandoned = null;
    return lease;
  }

  override async step(lease: ReplayLease, { stayed, unselected, position, push }: ReplayStep): Promise<StepResult> {
    const { request, cancelling } = this.present(lease.run.request.id);
    if (cancelling) return { kind: 'cancelled' };
    const result = push === null ? null : await this.deadLetters.replay(push, request.action);
    const outcome = result === 'unreplayable' ? null : result;
    const entries = push === null || outcome === null ? stayed : [...stayed, { ...push, outcome }];
    const run = this.present(request.id);
    const counts = { ...run.counts };
    for (const entry of entries) counts[entry.outcome] += 1;
    const after = { ...run, counts, position, examined: run.examined + unselected + entries.length };
    this.runs.set(request.id, after);
    this.passed.get(request.id)?.push(...entries);
    return { kind: 'taken', outcome, lease: { ...lease, steps: lease.steps + 1, run: after } };
  }

  override async end({ run }: ReplayLease, state: 'finished' | 'cancelled'): Promise<void> {
    this.runs.set(run.request.id, { ...this.present(run.request.id), state });
  }

  override async release(lease: ReplayLease): Promise<void> {
    this.abandoned = lease;
  }

  override async cancel(id: string): Promise<'cancelling' | 'ended' | 'unknown'> {
    const run = this.runs.get(id);
    if (run === undefined) return 'unknown';
    if (run.state !== 'running') return 'ended';
    this.runs.set(id, { ...run, cancelling: true });
    return 'cancelling';
  }

  override async find(id: string): Promise<ReplayRun | null> {
    return this.runs.get(id) ?? null;
  }

  override async results(id: string): Promise<readonly ReplayedEntry[]> {
    return this.passed.get(id) ?? [];
  }

  private present(id: string): ReplayRun {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error('no such run');
    return run;
  }
}
