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
});
