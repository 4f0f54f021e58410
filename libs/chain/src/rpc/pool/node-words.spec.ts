import { describe, expect, it } from 'vitest';
import { quoteNode } from './node-words.js';

describe('quoteNode', () => {
  it.each([
    ['transaction underpriced: gas tip cap 1, minimum needed 25000000000', undefined],
    ['ReplacementNotAllowed', undefined],
    ['address 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 is poor', undefined],
    ['no project 0123456789abcdef0123', 'no project …'],
    [`Tx: [0x${'4a'.repeat(32)}] is bad`, 'Tx: […] is bad'],
    ['two\nlines\u0000 and \u202Emore', 'two lines and more'],
  ])('quotes %j', (message, quoted = message) => {
    expect(quoteNode(message)).toBe(quoted);
  });

  it('truncates after 200 characters', () => {
    expect(quoteNode('no '.repeat(200))).toHaveLength(201);
  });
});
