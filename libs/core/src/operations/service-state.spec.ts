import { afterEach, expect, it, vi } from 'vitest';
import { ServiceState } from './service-state.js';

afterEach(() => {
  vi.useRealTimers();
});

it('is ready between start and draining', () => {
  const state = new ServiceState();
  expect(state.current).toBe('starting');
  state.markReady();
  expect(state.current).toBe('ready');
  state.markDraining();
  state.markReady();
  expect(state.current).toBe('draining');
});

it('reports the time since the last heartbeat when the wall clock steps back', () => {
  vi.useFakeTimers({ now: 1_000 });
  const state = new ServiceState();
  vi.setSystemTime(0);
  vi.advanceTimersByTime(60_000);
  expect(state.msSinceHeartbeat).toBe(60_000);
  state.heartbeat();
  expect(state.msSinceHeartbeat).toBe(0);
});
