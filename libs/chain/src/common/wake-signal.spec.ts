import { describe, expect, it, vi } from 'vitest';
import { Notifier, WakeSignal } from './wake-signal.js';

const FOREVER = 2 ** 30;

describe('WakeSignal', () => {
  const never = new AbortController().signal;

  it('wakes a waiting loop', async () => {
    const signal = new WakeSignal();
    const waiting = signal.wait(FOREVER, never);
    signal.notify();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('keeps one notification for a busy loop', async () => {
    const signal = new WakeSignal();
    signal.notify();
    signal.notify();
    await signal.wait(FOREVER, never);
    let again = false;
    const second = signal.wait(FOREVER, never).then(() => {
      again = true;
    });
    await Promise.resolve();
    expect(again).toBe(false);
    signal.notify();
    await second;
  });

  it('returns at once when aborted, and stops waiting on abort', async () => {
    await new WakeSignal().wait(FOREVER, AbortSignal.abort());
    const controller = new AbortController();
    const waiting = new WakeSignal().wait(FOREVER, controller.signal);
    controller.abort();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('stops waiting after the timeout', async () => {
    vi.useFakeTimers();
    let ended = false;
    const waiting = new WakeSignal().wait(500, never).then(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    vi.useRealTimers();
  });

  it('removes its listener and timer', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const signal = new WakeSignal();
    const waiting = signal.wait(500, controller.signal);
    signal.notify();
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});

describe('Notifier', () => {
  it('notifies subscribed signals only', async () => {
    const notifier = new Notifier();
    const [subscribed, unsubscribed] = [new WakeSignal(), new WakeSignal()];
    notifier.subscribe(subscribed, unsubscribed);
    notifier.unsubscribe(unsubscribed);
    const spies = [vi.spyOn(subscribed, 'notify'), vi.spyOn(unsubscribed, 'notify')];
    notifier.notifyAll();
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([1, 0]);
  });
});
