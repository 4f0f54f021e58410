import { describe, expect, it } from 'vitest';
import { isTooOld } from './server-version.js';

describe('isTooOld', () => {
  it.each([
    ['2.8.24', true],
    ['5.0.14', true],
    ['6.0.16', true],
    ['6.1.0', true],
    ['6.2.0', false],
    ['6.2.14', false],
    ['7.0.15', false],
    ['8.0.2', false],
    ['10.0.0', false],
    ['255.255.255', false],
    ['unstable', false],
  ])('judges %s', (version, tooOld) => {
    expect(isTooOld(version)).toBe(tooOld);
  });
});
