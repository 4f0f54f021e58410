import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { DeferredJobs } from './deferred-jobs.js';

describe('DeferredJobs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends the deferral after one minute', () => {
    const passed = new DeferredJobs();
    passed.add([aDeploymentJob('a')]);
    vi.advanceTimersByTime(30_000);
    passed.add([aDeploymentJob('b')]);
    expect([passed.has('a'), passed.has('b'), passed.has('c')]).toEqual([true, true, false]);
    vi.advanceTimersByTime(30_000);
    expect([passed.has('a'), passed.has('b')]).toEqual([false, true]);
  });

  it('restarts the deferral when the job is added again', () => {
    const passed = new DeferredJobs();
    passed.add([aDeploymentJob('a')]);
    vi.advanceTimersByTime(50_000);
    passed.add([aDeploymentJob('a')]);
    vi.advanceTimersByTime(50_000);
    expect(passed.has('a')).toBe(true);
  });
});
