import {
  type Admission,
  type DeploymentJob,
  DeploymentJobs,
  type JobPage,
  type JobState,
  type CompletedJob,
} from '#core';

/** Jobs that a test puts there, newest first; nothing is admitted or settled. The cursor is a model id. */
export class FakeDeploymentJobs extends DeploymentJobs {
  jobs: DeploymentJob[] = [];
  /** Runs before every call, to fail or to wait. */
  before: (call: 'find' | 'list') => void | Promise<void> = () => undefined;

  override async admit(): Promise<readonly Admission[]> {
    throw new Error('not faked');
  }

  override async complete(): Promise<readonly CompletedJob[] | null> {
    throw new Error('not faked');
  }

  override async find(modelId: string): Promise<DeploymentJob | null> {
    await this.before('find');
    return this.jobs.find((job) => modelIdOf(job) === modelId) ?? null;
  }

  override async list(page: {
    readonly limit: number;
    readonly state?: JobState;
    readonly cursor?: string;
  }): Promise<JobPage> {
    await this.before('list');
    const start = this.jobs.findIndex((job) => modelIdOf(job) === page.cursor) + 1;
    const fitting = this.jobs.slice(start).filter((job) => page.state === undefined || page.state === job.state);
    const items = fitting.slice(0, page.limit);
    const last = items.at(-1);
    return { items, nextCursor: last && fitting.length > items.length ? modelIdOf(last) : null };
  }
}

function modelIdOf(job: DeploymentJob): string {
  return job.request.record.modelId;
}
