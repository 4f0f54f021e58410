import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeploymentJob, HoldRegistry, type TokenBackend } from '#core';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { FakeDeploymentJobs } from '../../../../../test/support/fakes/fake-deployment-jobs.js';
import { RecordingJobResultHandler } from '../../../../../test/support/fakes/recording-job-result-handler.js';
import { UnusedBackend } from '../../../../../test/support/fakes/unused-backend.js';
import { until } from '../../../../../test/support/until.js';
import { Notifier } from '../../common/wake-signal.js';
import type { ChainHead } from '../../head/chain-head.worker.js';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { TokenAdopter } from './token-adopter.worker.js';
import { PendingJobs } from './pending-jobs.js';

/** Finds no token of any model, and remembers what it was asked about at a time. */
class ForgetfulBackend extends UnusedBackend {
  readonly asked: number[] = [];
  failure: Error | null = null;
  unreadable: readonly Error[] = [];

  override async adopt(jobs: readonly DeploymentJob[]): ReturnType<TokenBackend['adopt']> {
    if (this.failure) throw this.failure;
    this.asked.push(jobs.length);
    if (this.unreadable.length > 0) return { findings: [], open: [], errors: this.unreadable };
    return { findings: [], open: jobs };
  }
}

describe('TokenAdopter', () => {
  let backend: ForgetfulBackend;
  let pending: PendingJobs;
  let adopter: TokenAdopter;
  let holds: HoldRegistry;
  beforeEach(() => {
    backend = new ForgetfulBackend();
    pending = new PendingJobs();
    const head = { current: { finalBlock: 7 }, changes: new Notifier() } as unknown as ChainHead;
    holds = new HoldRegistry();
    adopter = new TokenAdopter(backend, new RecordingJobResultHandler(new FakeDeploymentJobs()), head, pending, holds);
    adopter.start();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await adopter.stop();
  });

  it('adopts many tokens in pages', async () => {
    adopter.add(Array.from({ length: 120 }, (_, index) => aDeploymentJob(String(index))));
    await until('all to be looked for', () => pending.size === 120);
    expect(backend.asked).toEqual([50, 50, 20]);
  });

  it('shows a hold while every iteration fails', async () => {
    vi.useFakeTimers();
    backend.failure = new TypeError('canary');
    adopter.add([aDeploymentJob('model-1')]);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(holds.cluster).toMatchObject([{ reason: 'loop_failing', detail: 'token adoption: TypeError' }]);

    backend.failure = null;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(holds.cluster).toEqual([]);
  });

  it('shows a hold while the token of a job cannot be read', async () => {
    vi.useFakeTimers();
    backend.unreadable = [new RpcUnavailableError('eth_getLogs on rpc-1: no event')];
    adopter.add([aDeploymentJob('model-1')]);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(holds.cluster).toMatchObject([
      { reason: 'rpc_unavailable', detail: 'token adoption: eth_getLogs on rpc-1: no event' },
    ]);

    backend.unreadable = [];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(holds.cluster).toEqual([]);
  });
});
