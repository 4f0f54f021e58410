import { describe, expect, it } from 'vitest';
import { findRepeatedKey } from './repeated-key.js';

describe('findRepeatedKey', () => {
  it.each([
    ['{"a":1,"b":2,"a":3}', 'a'],
    ['{"a":1,"\\u0061":3}', 'a'],
    ['{"x":[{"b":{}},{"b":1,"b":[]}]}', 'b'],
    ['{"a":{"a":1},"a":2}', 'a'],
  ])('finds the key of %s', (text, key) => expect(findRepeatedKey(text)).toBe(key));

  it.each([
    '{}',
    '1',
    '[]',
    '{"a":{"a":[{"a":1},{"a":1}]},"b":"a"}',
    '{"a":"{\\"b\\":1,\\"b\\":2}","c":":"}',
    '["a","a"]',
  ])('finds none in %s', (text) => expect(findRepeatedKey(text)).toBeNull());
});
