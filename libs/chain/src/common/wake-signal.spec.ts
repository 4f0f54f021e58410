import { describe, expect, it, vi } from 'vitest';
import { Notifier, WakeSignal } from './wake-signal.js';

const FOREVER = 2 ** 30;

describe('WakeSignal', () => {
  const never = new AbortController().signal;

  it('wakes who is waiting', async () => {
    const bell = new WakeSignal();
    const heard = bell.wait(FOREVER, never);
    bell.notify();
    await expect(heard).resolves.toBeUndefined();
  });

  it('keeps a ring for who is busy, once', async () => {
    const bell = new WakeSignal();
    bell.notify();
    bell.notify();
    await bell.wait(FOREVER, never);
    let again = false;
    const second = bell.wait(FOREVER, never).then(() => {
      again = true;
    });
    await Promise.resolve();
    expect(again).toBe(false);
    bell.notify();
    await second;
  });

  it('does not wait when it is over, and stops waiting when it ends', async () => {
    await new WakeSignal().wait(FOREVER, AbortSignal.abort());
    const controller = new AbortController();
    const heard = new WakeSignal().wait(FOREVER, controller.signal);
    controller.abort();
    await expect(heard).resolves.toBeUndefined();
  });

  it('gives up after the time it was given', async () => {
    vi.useFakeTimers();
    let over = false;
    const heard = new WakeSignal().wait(500, never).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await heard;
    vi.useRealTimers();
  });

  it('leaves nothing behind on the signal or among the timers', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const bell = new WakeSignal();
    const heard = bell.wait(500, controller.signal);
    bell.notify();
    await heard;
    expect(vi.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});

describe('Notifier', () => {
  it('rings every bell that hangs on it, and none that was taken', async () => {
    const announcer = new Notifier();
    const [hung, taken] = [new WakeSignal(), new WakeSignal()];
    announcer.subscribe(hung, taken);
    announcer.unsubscribe(taken);
    const rings = [vi.spyOn(hung, 'notify'), vi.spyOn(taken, 'notify')];
    announcer.notifyAll();
    expect(rings.map((ring) => ring.mock.calls.length)).toEqual([1, 0]);
  });
});
