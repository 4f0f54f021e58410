import { describe, expect, it } from 'vitest';
import { until } from './until.js';

const SOON = { timeoutMs: 20, everyMs: 1 };
const seeCounts = async () => await Promise.resolve({ waiting: 2, dead: [] });
const seeNothing = () => Promise.reject(new Error('closed'));

describe('until', () => {
  it('returns what the probe found, 0 and an empty text included', async () => {
    const values = [null, undefined, false, 0];

    expect(await until('a number', () => values.shift())).toBe(0);
    expect(await until('a text', () => '')).toBe('');
  });

  it('says what it waited for and what the probe saw last', async () => {
    await expect(until('the token', () => null, SOON)).rejects.toThrow(
      'gave up waiting for the token after 20 ms; last seen: null',
    );
  });

  it('reports the description of the caller instead of the last value of the probe', async () => {
    await expect(until('the end', () => false, { ...SOON, saw: seeCounts })).rejects.toThrow(
      'last seen: { waiting: 2, dead: [] }',
    );
  });

  it('says the error of the last probe, and keeps it as the cause', async () => {
    const error = new Error('no connection');
    const waiting = until('an answer', () => Promise.reject(error), SOON);

    await expect(waiting).rejects.toThrow('last seen: no connection');
    await expect(waiting).rejects.toMatchObject({ cause: error });
  });

  it('gives up in its own words when looking fails, too', async () => {
    await expect(until('the end', () => false, { ...SOON, saw: seeNothing })).rejects.toThrow(
      'gave up waiting for the end after 20 ms; last seen: closed',
    );
  });
});
