import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HoldError } from '#core';
import { endsConnection, RedisCommandError, RedisUnavailableError, redisError } from './redis.errors.js';

/** An error reply as ioredis throws it. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('redisError', () => {
  it.each([
    ['LOADING Redis is loading the dataset in memory', 'LOADING'],
    ["OOM command not allowed when used memory > 'maxmemory'. script: 5a, on @user_script:1.", 'OOM'],
    ['ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed', 'OOM'],
    ["READONLY You can't write against a read only replica.", 'READONLY'],
    ['UNBLOCKED force unblock from blocking operation', 'UNBLOCKED'],
    ['MASTERDOWN Link with MASTER is down', 'MASTERDOWN'],
    ['CLUSTERDOWN Hash slot not served', 'CLUSTERDOWN'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'TRYAGAIN'],
    ['MOVED 3999 127.0.0.1:6381', 'MOVED'],
    ['ASK 3999 127.0.0.1:6381', 'ASK'],
    ['BUSY Redis is busy running a script', 'BUSY'],
    ['NOAUTH Authentication required.', 'NOAUTH'],
    ["NOPERM User worker has no permissions to run the 'evalsha' command", 'NOPERM'],
  ])('takes %j for passing', (message, code) => {
    const error = redisError(reply(message));
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error).toBeInstanceOf(HoldError);
    expect(error).toMatchObject({ code, reason: 'redis_unavailable', replyLost: false });
  });

  it.each([
    ["CROSSSLOT Keys in request don't hash to the same slot", 'CROSSSLOT'],
    ['ERR unknown command', 'ERR'],
  ])('takes %j for final', (message, code) => {
    const error = redisError(reply(message));
    expect(error).toBeInstanceOf(RedisCommandError);
    expect(error).toMatchObject({ code });
  });

  it('takes a wrong key type for a hold, without its content', () => {
    const error = redisError(reply('WRONGTYPE Operation against a key holding the wrong kind of value'));
    expect(error).toBeInstanceOf(HoldError);
    expect(error).toMatchObject({ code: 'WRONGTYPE', reason: 'ledger_unreadable' });
  });

  it.each(['Connection is closed.', 'Command timed out', 'connect ECONNREFUSED 127.0.0.1:1'])(
    'cannot tell after %j whether the command ran',
    (message) => {
      expect(redisError(new Error(message))).toMatchObject({ code: 'CONNECTION', replyLost: true });
    },
  );

  it('drops the command arguments of the driver error (S1)', () => {
    const error = Object.assign(reply('WRONGPASS invalid username-password pair'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'default', 'hunter2'] },
    });
    expect(inspect(redisError(error), { depth: 9 })).not.toContain('hunter2');
  });

  it('returns its own errors unchanged', () => {
    const error = new RedisCommandError('ERR', 'x');
    expect(redisError(error)).toBe(error);
  });
});

describe('endsConnection', () => {
  it.each([
    'READONLY x',
    'UNBLOCKED x',
    'MASTERDOWN x',
    'MOVED 1 a:1',
    'CLUSTERDOWN x',
    'ERR Error running script: -READONLY x',
  ])('%j: yes', (message) => {
    expect(endsConnection(reply(message))).toBe(true);
  });

  it.each(['LOADING x', 'OOM x', 'BUSY x', 'ASK 1 a:1', 'WRONGTYPE x', 'ERR READONLYX'])('%j: no', (message) => {
    expect(endsConnection(reply(message))).toBe(false);
  });
});
