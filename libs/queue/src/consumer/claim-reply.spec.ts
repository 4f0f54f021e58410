import { describe, expect, it } from 'vitest';
import { readClaim } from './claim-reply.js';
import { UnexpectedReplyError } from '../replies.js';

const NOW = 1_700_000_000_000;
const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
const reply = Buffer.from('first|second|third');
const contents = [reply.subarray(0, 5), reply.subarray(6, 12), reply.subarray(13)];

describe('readClaim', () => {
  it('reads messages, leases and the counters of known messages', () => {
    const remembered = [2, Buffer.from('4 3 2 1000 2000'), Buffer.from('1'), 3, null, Buffer.from('5')];
    const { messages, paused } = readClaim([0, NOW, 1, Buffer.from(`${A}${B}${C}`), remembered, ...contents], 'w:7');

    expect(paused).toBe(false);
    const fresh = { deliveries: 1, attempts: 0, replays: 0, firstSeenAt: NOW, stalls: 0 };
    expect(messages).toEqual([
      { lease: `w:7:001:${A}`, bytes: Buffer.from('first'), digest: A, ...fresh },
      {
        lease: `w:7:002:${B}`,
        bytes: Buffer.from('second'),
        digest: B,
        deliveries: 4,
        attempts: 3,
        replays: 2,
        firstSeenAt: 1_000,
        stalls: 1,
      },
      { lease: `w:7:003:${C}`, bytes: Buffer.from('third'), digest: C, ...fresh, stalls: 5 },
    ]);
  });

  it('names the lease of a message that was claimed alone', () => {
    const { messages } = readClaim([0, NOW, 0, Buffer.from(A ?? ''), [], Buffer.from('only')], 'w:7');
    expect(messages[0]?.lease).toBe(`w:7:000:${A}`);
  });

  it('copies the bytes out of the reply', () => {
    const { messages } = readClaim([0, NOW, 1, Buffer.from(`${A}${B}${C}`), [], ...contents], 'w:7');
    reply.fill(0);
    expect(messages.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['first', 'second', 'third']);
  });

  it('reads a paused and an empty queue', () => {
    expect(readClaim([1], 'w:7')).toEqual({ paused: true, messages: [], pinned: null });
    expect(readClaim([0, NOW, 1, Buffer.from(''), []], 'w:7')).toEqual({ paused: false, messages: [], pinned: null });
  });

  it('throws for an unexpected reply', () => {
    expect(() => readClaim([0, NOW, 1, null, []], 'w:7')).toThrow(UnexpectedReplyError);
    expect(() => readClaim('OK', 'w:7')).toThrow(UnexpectedReplyError);
  });
});
