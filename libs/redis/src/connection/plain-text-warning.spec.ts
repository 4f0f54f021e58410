import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exposedAddress, warnOfPlainText } from './plain-text-warning.js';

describe('exposedAddress', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.100.0.1',
    '169.254.1.1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    undefined,
  ])('is null for %s', (remoteAddress) => {
    expect(exposedAddress({ remoteAddress })).toBeNull();
  });

  it.each(['203.0.113.7', '172.32.0.1', '100.128.0.1', '2001:db8::1', '::ffff:203.0.113.7'])('is %s', (address) => {
    expect(exposedAddress({ remoteAddress: address })).toBe(address);
    expect(exposedAddress({ remoteAddress: address, encrypted: true })).toBeNull();
  });
});

describe('warnOfPlainText', () => {
  afterEach(() => vi.restoreAllMocks());

  it('warns at the first connection to a public address, and at one to another', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const redis = Object.assign(new EventEmitter(), { stream: { remoteAddress: '203.0.113.7' } });
    warnOfPlainText(redis as unknown as Redis);
    for (const remoteAddress of ['203.0.113.7', '203.0.113.7', '203.0.113.8', '10.0.0.1']) {
      redis.stream = { remoteAddress };
      redis.emit('ready');
    }
    expect(warn.mock.calls.map(([entry]) => (entry as { address: string }).address)).toEqual([
      '203.0.113.7',
      '203.0.113.8',
    ]);
  });
});
