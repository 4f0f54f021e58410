import { describe, expect, it } from 'vitest';
import { UnusedBackend } from '../../../../../test/support/fakes/unused-backend.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { FormerContractsBackend } from './former-contracts-backend.adapter.js';
import { FormerContracts } from './former-contracts.service.js';

class CurrentBackend extends UnusedBackend {
  override get gasPerToken(): bigint {
    return 4_300_000n;
  }
}

describe('FormerContractsBackend', () => {
  it('counts the gas of the current contracts', () => {
    const addresses = { factories: [], tokenManagers: [], current: '0x' };
    const reader = Object.create(ChainReader.prototype) as ChainReader;
    const former = new FormerContracts(reader, addresses);
    expect(new FormerContractsBackend(new CurrentBackend(), former, reader, addresses).gasPerToken).toBe(4_300_000n);
  });
});
