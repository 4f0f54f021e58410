import { describe, expect, it } from 'vitest';
import { queueKeys } from './queue-keys.js';

describe('queueKeys', () => {
  it('keeps the public key names', () => {
    expect(queueKeys('hokusai:model_ready_queue')).toMatchObject({
      main: 'hokusai:model_ready_queue',
      processing: 'hokusai:model_ready_queue:processing',
      deadLetter: 'hokusai:model_ready_queue:dlq',
    });
  });

  it('returns distinct keys', () => {
    const names = Object.values(queueKeys('q'));
    expect(new Set(names).size).toBe(names.length);
  });

  it('braces every key except the queue itself in a cluster', () => {
    const { main, ...own } = queueKeys('q', { braced: true });
    expect(main).toBe('q');
    for (const name of Object.values(own)) expect(name).toMatch(/^\{q\}:/);
  });

  it.each(['{q}', 'a{q}b'])('keeps the hash tag of %s', (name) => {
    expect(queueKeys(name, { braced: true }).processing).toBe(`${name}:processing`);
  });

  // The first brace opens the tag; Redis ignores an empty tag.
  it.each(['{}q', 'q}', '{q'])('braces %s, which has no hash tag', (name) => {
    expect(queueKeys(name, { braced: true }).processing).toBe(`{${name}}:processing`);
  });
});
