import { describe, expect, it } from 'vitest';
import { queueKeys } from './queue-keys.js';

describe('queueKeys', () => {
  it('keeps the names that other systems see', () => {
    expect(queueKeys('hokusai:model_ready_queue')).toMatchObject({
      main: 'hokusai:model_ready_queue',
      processing: 'hokusai:model_ready_queue:processing',
      deadLetter: 'hokusai:model_ready_queue:dlq',
    });
  });

  it('keeps all keys apart', () => {
    const names = Object.values(queueKeys('q'));
    expect(new Set(names).size).toBe(names.length);
  });

  it('braces every name but that of the producer, whole: only then do all hash alike', () => {
    const { main, ...own } = queueKeys('q', { braced: true });
    expect(main).toBe('q');
    for (const name of Object.values(own)) expect(name).toMatch(/^\{q\}:/);
  });

  it.each(['{q}', 'a{q}b'])('leaves the hash tag of %s alone', (name) => {
    expect(queueKeys(name, { braced: true }).processing).toBe(`${name}:processing`);
  });

  // The first brace opens the tag, and an empty tag counts for nothing.
  it.each(['{}q', 'q}', '{q'])('braces %s, which has none', (name) => {
    expect(queueKeys(name, { braced: true }).processing).toBe(`{${name}}:processing`);
  });
});
