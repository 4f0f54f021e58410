import { describe, expect, it, vi } from 'vitest';
import { Announcer, Bell } from './bell.js';

const FOREVER = 2 ** 30;

describe('Bell', () => {
  const never = new AbortController().signal;

  it('wakes who is waiting', async () => {
    const bell = new Bell();
    const heard = bell.heard(FOREVER, never);
    bell.ring();
    await expect(heard).resolves.toBeUndefined();
  });

  it('keeps a ring for who is busy, once', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.heard(FOREVER, never);
    let again = false;
    const second = bell.heard(FOREVER, never).then(() => {
      again = true;
    });
    await Promise.resolve();
    expect(again).toBe(false);
    bell.ring();
    await second;
  });

  it('does not wait when it is over, and stops waiting when it ends', async () => {
    await new Bell().heard(FOREVER, AbortSignal.abort());
    const controller = new AbortController();
    const heard = new Bell().heard(FOREVER, controller.signal);
    controller.abort();
    await expect(heard).resolves.toBeUndefined();
  });

  it('gives up after the time it was given', async () => {
    vi.useFakeTimers();
    let over = false;
    const heard = new Bell().heard(500, never).then(() => {
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
    const bell = new Bell();
    const heard = bell.heard(500, controller.signal);
    bell.ring();
    await heard;
    expect(vi.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});

describe('Announcer', () => {
  it('rings every bell that hangs on it, and none that was taken', async () => {
    const announcer = new Announcer();
    const [hung, taken] = [new Bell(), new Bell()];
    announcer.hang(hung, taken);
    announcer.take(taken);
    const rings = [vi.spyOn(hung, 'ring'), vi.spyOn(taken, 'ring')];
    announcer.announce();
    expect(rings.map((ring) => ring.mock.calls.length)).toEqual([1, 0]);
  });
});
