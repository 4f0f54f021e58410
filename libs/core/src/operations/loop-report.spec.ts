import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldError } from '../common/errors.js';
import { HoldRegistry } from './hold-registry.js';
import { LoopReport } from './loop-report.js';

describe('LoopReport', () => {
  let holds: HoldRegistry;
  let report: LoopReport;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    holds = new HoldRegistry();
    report = new LoopReport(holds, 'message consumer');
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function failFor(ms: number, error: unknown): void {
    report.failed(error);
    vi.advanceTimersByTime(ms);
    report.failed(error);
  }

  const shown = () => holds.cluster.map(({ reason, detail, scope }) => ({ reason, detail, scope }));

  it('shows a loop that fails for five seconds by the kind of its error, and never its text', () => {
    failFor(4_999, Object.assign(new TypeError('canary'), { code: 'WRONGTYPE' }));
    expect(shown()).toEqual([]);
    failFor(1, Object.assign(new TypeError('canary'), { code: 'WRONGTYPE' }));
    expect(shown()).toEqual([
      { reason: 'loop_failing', detail: 'message consumer: TypeError WRONGTYPE', scope: 'part' },
    ]);
    report.succeeded();
    expect(shown()).toEqual([]);
  });

  it('keeps the reason of a hold', () => {
    failFor(5_000, new HoldError('redis_unavailable', 'NOREPLICAS'));
    expect(shown()).toMatchObject([{ reason: 'redis_unavailable', detail: 'message consumer: NOREPLICAS' }]);
  });

  it('pauses no claim: the loop would never succeed again', () => {
    failFor(5_000, new Error('x'));
    expect(holds.list()).toEqual([]);
  });
});
