import { type ClosedSlot, type DeploymentJobs, type JobResult, JobResultHandler, type JobUpdate } from '#core';

/** Settles jobs in the real ledger, with an event that says only the model id, and remembers what it was told. */
export class RecordingJobResultHandler extends JobResultHandler {
  readonly results: JobResult[] = [];
  /** Models whose transaction was given up or did not carry them out, with the nonce that it had. */
  readonly returned: { readonly modelId: string; readonly nonce: number }[] = [];
  readonly released: string[] = [];
  /** Runs before every call, to fail or to wait. */
  before: (call: 'settle' | 'release') => void | Promise<void> = () => undefined;

  constructor(private readonly jobs: DeploymentJobs) {
    super();
  }

  override async complete(slot: ClosedSlot | null, findings: readonly JobResult[]): Promise<boolean> {
    await this.before('settle');
    const settled = await this.jobs.complete(slot, findings.map(verdict));
    if (settled === null) return false;
    this.results.push(...findings);
    if (slot !== null) this.returned.push(...notExecutedJobs(slot.nonce, findings));
    return true;
  }

  override async release(modelIds: readonly string[]): Promise<void> {
    await this.before('release');
    this.released.push(...modelIds);
  }

  /** The last finding about a model. */
  of(modelId: string): JobResult | undefined {
    return this.results.findLast((finding) => modelIdOf(finding) === modelId);
  }
}

function notExecutedJobs(nonce: number, findings: readonly JobResult[]) {
  return findings.flatMap((finding) => (finding.kind === 'returned' ? [{ modelId: finding.modelId, nonce }] : []));
}

function verdict(finding: JobResult): JobUpdate {
  if (!('job' in finding)) return finding.kind === 'advanced' ? { ...finding, kind: 'returned' } : finding;
  const modelId = modelIdOf(finding);
  const kind = finding.kind === 'unregistered' ? finding.kind : 'deployed';
  const event = kind === 'deployed' ? modelId : `${kind} ${modelId}`;
  return { kind, modelId, token: finding.token, eventId: `event-${modelId}`, event };
}

function modelIdOf(finding: JobResult): string {
  return 'job' in finding ? finding.job.request.record.modelId : finding.modelId;
}
