import { describe, expect, it } from 'vitest';
import { ledgerKeys } from './ledger-keys.js';

const options = { queueName: 'hokusai:model_ready_queue', chainId: 1, contract: '0xABcd' };

describe('Keys of a ledger', () => {
  it('contain queue, chain and contract', () => {
    expect(ledgerKeys(options).job('m')).toBe('hokusai:model_ready_queue:ledger:1:0xabcd:job:m');
  });

  it('share the slot of the queue in Redis Cluster', () => {
    const keys = ledgerKeys({ ...options, braced: true });
    for (const key of [
      keys.jobs(),
      keys.jobs('failed'),
      keys.job('{m}'),
      keys.leases('m'),
      keys.lane('0xA'),
      keys.slots('0xA'),
    ]) {
      expect(/\{([^}]+)\}/.exec(key)?.[1]).toBe('hokusai:model_ready_queue');
    }
  });

  it('differ for each queue, chain and contract', () => {
    const keys = ledgerKeys(options);
    const names = [keys.jobs(), keys.jobs('m'), keys.job('m'), keys.leases('m'), keys.lane('m'), keys.slots('m')];
    expect(new Set(names).size).toBe(names.length);
  });
});
