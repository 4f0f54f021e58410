import {
  type Admission,
  type AdmissionRequest,
  type ClaimedMessage,
  type DeploymentJob,
  DeploymentJobs,
  type DeploymentRequest,
  type JobPage,
  type JobState,
  type JobUpdate,
  type ProducerBudget,
  recordFingerprint,
  type CompletedJob,
} from '#core';
import { aDeploymentJob } from '../fixtures/deployment-job.fixture.js';
import type { LeasedMessageQueue } from './leased-message-queue.js';

interface Entry {
  job: DeploymentJob;
  readonly leases: Set<string>;
}

const STATES = { deployed: 'deployed', unregistered: 'deployed_unregistered' } as const;

/** A verdict about a job that has an end already changes nothing, but that a token is registered in the end, or never. */
function isOpen(state: JobState, verdict: JobUpdate['kind']): boolean {
  if (state === 'deployed_unregistered') return verdict === 'deployed' || verdict === 'failed';
  return state !== 'deployed' && state !== 'failed';
}

/** The ledger's rules about jobs, in memory, over the messages of a queue in memory. */
export class LeasedDeploymentJobs extends DeploymentJobs {
  readonly events: string[] = [];
  /** Messages in the order of their admission, repeats included. */
  readonly admitted: ClaimedMessage[] = [];
  /** Delays of the messages of models that are over a budget. */
  readonly delayed = new Map<string, number>();
  /** Budgets by model. */
  readonly budgets = new Map<string, ProducerBudget | null>();
  laneLost = false;
  /** Runs before every call, to fail or to wait. */
  before: (call: 'admit' | 'settle' | 'find', about: readonly string[]) => void | Promise<void> = () => undefined;
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly queue: LeasedMessageQueue) {
    super();
  }

  jobOf(modelId: string): DeploymentJob {
    return this.entryOf(modelId).job;
  }

  /** As if the job had gone that far by itself. */
  change(modelId: string, changes: Partial<DeploymentJob>): void {
    const entry = this.entries.get(modelId);
    if (entry) entry.job = { ...entry.job, ...changes };
    else this.entries.set(modelId, { job: aDeploymentJob(modelId, changes), leases: new Set() });
  }

  get modelIds(): readonly string[] {
    return [...this.entries.keys()];
  }

  override async admit(wanted: readonly AdmissionRequest[]): Promise<readonly Admission[]> {
    await this.before(
      'admit',
      wanted.map(({ request }) => request.record.modelId),
    );
    for (const { request, budget = null } of wanted) this.budgets.set(request.record.modelId, budget);
    return wanted.map(({ request, message }): Admission => {
      const delayMs = this.delayed.get(request.record.modelId);
      return delayMs === undefined ? this.admitOne(request, message) : { kind: 'delayed', delayMs };
    });
  }

  override async complete(_slot: unknown, verdicts: readonly JobUpdate[]): Promise<readonly CompletedJob[] | null> {
    await this.before(
      'settle',
      verdicts.map(({ modelId }) => modelId),
    );
    return this.laneLost ? null : verdicts.map((verdict) => this.settleOne(verdict));
  }

  override async find(modelId: string): Promise<DeploymentJob | null> {
    await this.before('find', [modelId]);
    return this.entries.get(modelId)?.job ?? null;
  }

  override async list(_page: { readonly limit: number; readonly state?: JobState }): Promise<JobPage> {
    throw new Error('not faked');
  }

  private admitOne(request: DeploymentRequest, message: ClaimedMessage): Admission {
    this.admitted.push(message);
    const { modelId } = request.record;
    const entry = this.entries.get(modelId) ?? { job: aDeploymentJob(modelId, { request }), leases: new Set() };
    this.entries.set(modelId, entry);
    const { state, token, request: first } = entry.job;
    if (state === 'failed') entry.job = { ...entry.job, request, state: 'admitted', failure: null };
    else if (recordFingerprint(first.record) !== recordFingerprint(request.record)) {
      if (state === 'admitted' || state === 'submitted') return { kind: 'waiting' };
      return { kind: 'conflict', detail: 'another record was there first' };
    }
    if ((state === 'deployed' || state === 'deployed_unregistered') && token) return { kind: 'deployed', token };
    if (this.queue.processing.has(message.lease)) entry.leases.add(message.lease);
    return state === 'submitted' ? { kind: 'attached' } : { kind: 'admitted', job: entry.job };
  }

  private settleOne(verdict: JobUpdate): CompletedJob {
    const { modelId } = verdict;
    const entry = this.entryOf(modelId);
    const changed = isOpen(entry.job.state, verdict.kind);
    if (!changed) return { modelId, changed, ...this.left(entry) };
    const { queue } = this;
    for (const lease of entry.leases) if (!queue.processing.has(lease)) entry.leases.delete(lease);
    switch (verdict.kind) {
      case 'deployed':
      case 'unregistered':
        if (verdict.event !== null) this.events.push(verdict.event);
        this.change(modelId, { state: STATES[verdict.kind], token: verdict.token, eventId: verdict.eventId });
        for (const lease of entry.leases) queue.processing.delete(lease);
        break;
      case 'failed':
        if (entry.job.state !== 'deployed_unregistered') this.change(modelId, { state: 'failed' });
        this.change(modelId, { failure: verdict });
        break;
      case 'returned':
        this.change(modelId, { state: 'admitted' });
    }
    return { modelId, changed, ...this.left(entry) };
  }

  private left({ job, leases }: Entry): Pick<CompletedJob, 'acknowledged' | 'detached'> {
    const detached = [...leases].flatMap((lease) => this.queue.processing.get(lease) ?? []);
    return {
      acknowledged: job.state === 'deployed' || job.state === 'deployed_unregistered' ? [...leases] : [],
      detached: job.state === 'failed' ? detached : [],
    };
  }

  private entryOf(modelId: string): Entry {
    const entry = this.entries.get(modelId);
    if (!entry) throw new Error(`no job of ${modelId}`);
    return entry;
  }
}
