import { describe, expect, it } from 'vitest';
import { ownString, ownValue } from './json-object.js';

describe('a JSON object', () => {
  it.each(['toString', 'constructor', '__proto__'])('has no %s but its own', (key) => {
    expect(ownValue({}, key)).toBeUndefined();
    expect(ownString(JSON.parse(`{"${key}":"mine"}`) as Record<string, unknown>, key)).toBe('mine');
  });
});
