import { describe, expect, it } from 'vitest';
import type { BackendConfig, FactoryConfig } from '#config';
import { expectedFactoryCode } from '#contracts';
import type { ChainHead } from '../head/chain-head.worker.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { FakeDeploymentJobs } from '../../../../test/support/fakes/fake-deployment-jobs.js';
import { createBackendProviders } from './token-backend.factory.js';

const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

async function startWith(current: string, former: string): Promise<void> {
  const reader = Object.create(ChainReader.prototype) as ChainReader;
  reader.code = async (address) => await Promise.resolve(expectedFactoryCode(address));
  const config = { formerFactories: [former], formerTokenManagers: null } as Partial<BackendConfig> as BackendConfig;
  const factory = { factoryAddress: current } as FactoryConfig;
  const { backend } = createBackendProviders(reader, {} as ChainHead, new FakeDeploymentJobs(), config, factory, null);
  await backend.checkAtStartup([]);
}

describe('the backend of a queue with former contracts', () => {
  it.each([
    [ADDRESS, ADDRESS],
    [ADDRESS, ADDRESS.toLowerCase()],
    [ADDRESS.toLowerCase(), ADDRESS],
    [ADDRESS, `0x${ADDRESS.slice(2).toUpperCase()}`],
  ])('refuses the current contract %s as the former one %s, in any case', async (current, former) => {
    await expect(startWith(current, former)).rejects.toThrow('which is the current contract');
  });
});
