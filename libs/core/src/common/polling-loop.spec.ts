import { describe, expect, it } from 'vitest';
import { PollingLoop, sleep } from './polling-loop.js';

const HOUR_MS = 3_600_000;

/** A promise and its resolve function. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const waiting: (() => void)[] = [];
  const passed = new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
  return { passed, open: () => waiting.pop()?.() };
}

describe('PollingLoop', () => {
  it('repeats its tick and waits for the current tick when it stops', async () => {
    const steps: string[] = [];
    const thirdTurn = gate();
    const work = gate();
    const loop = new PollingLoop(async () => {
      if (steps.push('begun') < 3) return;
      thirdTurn.open();
      await work.passed;
      steps.push('ended');
    });

    loop.start();
    await thirdTurn.passed;
    const stopped = loop.stop().then(() => steps.push('stopped'));
    work.open();
    await stopped;

    expect(steps).toEqual(['begun', 'begun', 'begun', 'ended', 'stopped']);
  });

  it('aborts the signal of its tick when it stops', async () => {
    const turn = gate();
    const loop = new PollingLoop(async (signal) => {
      turn.open();
      await sleep(HOUR_MS, signal);
    });

    loop.start();
    await turn.passed;

    await expect(loop.stop()).resolves.toBeUndefined();
  });
});

describe('sleep', () => {
  it('returns at once after an abort', async () => {
    await expect(sleep(HOUR_MS, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
