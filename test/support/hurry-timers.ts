import { afterEach, beforeEach, vi } from 'vitest';

const STEP_MS = 10;
const TIMES_AS_FAST = 20;

/** Lets timers of every test run out 20 times as soon. Only for code that compares them with no clock. */
export function hurryTimers(): void {
  let steps: NodeJS.Timeout;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    steps = setInterval(() => vi.advanceTimersByTime(STEP_MS * TIMES_AS_FAST), STEP_MS);
  });
  afterEach(() => {
    clearInterval(steps);
    vi.useRealTimers();
  });
}
