import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { queueKeys } from '#queue';
import { INTENTS } from '../chaos-settings.js';
import { intentText, type LastSettlement } from '../worker/intents.js';
import { type Command, commandsOf } from './append-only-file.js';
import { QueueOracle } from './queue-oracle.js';

const KEYS = queueKeys('q');
const PUSH: Command = ['lpush', KEYS.main, 'm'];
const CLAIM: readonly Command[] = [
  ['RPOP', KEYS.main, '5'],
  ['LPUSH', KEYS.processing, 'm'],
  ['HSET', KEYS.inflight, 'l:1', 'm'],
  ['ZADD', KEYS.leases, '1', 'l:1'],
];
const END: readonly Command[] = [
  ['LREM', KEYS.processing, '-1', 'm'],
  ['ZREM', KEYS.leases, 'l:1'],
  ['HDEL', KEYS.inflight, 'l:1'],
];
const LETTER: Command = ['LPUSH', KEYS.deadLetter, '{"original_message":"m"}'];

const intent = (kind: LastSettlement, lease = 'l:1'): Command => [
  'sadd',
  INTENTS,
  intentText({ lease, digest: createHash('sha1').update('m').digest('hex') }, kind),
];

function violations(...groups: readonly (readonly Command[])[]): readonly string[] {
  const audit = new QueueOracle(KEYS);
  for (const group of groups) audit.follow(group);
  return audit.violations;
}

describe('the audit of a chaos run', () => {
  it('finds nothing wrong with what the scripts do', () => {
    const retry: Command = ['ZADD', KEYS.delayed, '9', 'l:1\nm'];
    const promote: readonly Command[] = [
      ['ZREM', KEYS.delayed, 'l:1\nm'],
      ['RPUSH', KEYS.main, 'm'],
    ];
    const wait: Command = ['LMOVE', KEYS.main, KEYS.main, 'RIGHT', 'RIGHT'];
    expect(violations([PUSH], [wait], CLAIM, [...END, retry], promote, CLAIM, [intent('ack')], END)).toEqual([]);
    expect(violations([PUSH], CLAIM, [intent('dead-letter')], [...END, LETTER])).toEqual([]);
  });

  it.each([
    ['a message that leaves without an acknowledgement', [[PUSH], CLAIM, END], '1 × m was lost'],
    ['a message acknowledged by the holder of another', [[PUSH], CLAIM, [intent('ack', 'l:2')], END], '1 × m was lost'],
    ['a message lost by its claim', [[PUSH], [['RPOP', KEYS.main, '1']]], '1 × m was lost'],
    [
      'a message doubled by its release',
      [[PUSH], CLAIM, [...END, ['RPUSH', KEYS.main, 'm', 'm']]],
      'came from nowhere',
    ],
    ['a dead letter that no worker wrote', [[PUSH], CLAIM, [...END, LETTER]], 'm died without being given up'],
    [
      'a dead letter written twice',
      [[PUSH], CLAIM, [intent('dead-letter')], [...END, LETTER], [LETTER]],
      '1 × m came from nowhere',
    ],
    [
      'a message in processing that no lease covers',
      [[PUSH], CLAIM, [['ZREM', KEYS.leases, 'l:1']]],
      '1 messages in processing, 0 leases',
    ],
  ] as const)('finds %s', (_, groups, violation) => {
    expect(violations(...groups)).toContainEqual(expect.stringContaining(violation));
  });

  it('refuses to judge what it does not know', () => {
    expect(() => violations([['LTRIM', KEYS.main, '0', '1']])).toThrow('does not know what LTRIM');
  });

  it('reads commands that arrive in any fragments', async () => {
    const bytes = Buffer.from('*2\r\n$4\r\nLREM\r\n$3\r\n\r\nä\r\n*1\r\n$5\r\nMULTI\r\n', 'latin1');
    for (const size of [1, 3, 100]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (__, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const commands: Command[] = [];
      for await (const command of commandsOf(each(pieces))) commands.push(command);
      expect(commands).toEqual([['LREM', '\r\nä'], ['MULTI']]);
    }
  });
});

async function* each(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
