import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldRegistry } from '#core';
import { FakeDeploymentJobs } from '../../../../../test/support/fakes/fake-deployment-jobs.js';
import { RecordingJobResultHandler } from '../../../../../test/support/fakes/recording-job-result-handler.js';
import { UnusedBackend } from '../../../../../test/support/fakes/unused-backend.js';
import type { ChainHead } from '../../head/chain-head.worker.js';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { LaneHolds } from '../status/lane-holds.service.js';
import type { LaneMetrics } from '../status/lane-metrics.service.js';
import { PendingJobs } from './pending-jobs.js';
import { RegistrationMonitor } from './registration-monitor.worker.js';

describe('RegistrationMonitor', () => {
  let jobs: FakeDeploymentJobs;
  let holds: HoldRegistry;
  let monitor: RegistrationMonitor;
  beforeEach(() => {
    vi.useFakeTimers();
    jobs = new FakeDeploymentJobs();
    holds = new HoldRegistry();
    monitor = new RegistrationMonitor(
      jobs,
      new UnusedBackend(),
      new RecordingJobResultHandler(jobs),
      { current: { finalBlock: 7 } } as unknown as ChainHead,
      { has: () => false } as unknown as LaneHolds,
      new PendingJobs(),
      { recordUnregistered: () => undefined } as unknown as LaneMetrics,
      holds,
    );
  });
  afterEach(async () => {
    vi.useRealTimers();
    await monitor.stop();
  });

  it.each([
    [Object.assign(new TypeError('canary'), { code: 'WRONGTYPE' }), 'loop_failing', 'TypeError WRONGTYPE'],
    [new RpcUnavailableError('rpc-1: timeout'), 'rpc_unavailable', 'rpc-1: timeout'],
  ])('shows a hold while every iteration fails with %s', async (error, reason, words) => {
    jobs.before = () => {
      throw error;
    };
    monitor.start();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(holds.cluster).toMatchObject([{ reason, detail: `registration check: ${words}` }]);

    jobs.before = () => undefined;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(holds.cluster).toEqual([]);
  });
});
