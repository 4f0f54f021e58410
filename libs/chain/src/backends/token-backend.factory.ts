import { type BackendConfig, type ChainConfig, FactoryConfig, TokenManagerConfig } from '#config';
import { checksumAddress } from '#contracts';
import type { ChainStateReader, DeploymentJobs, TokenContracts } from '#core';
import type { BackendProviders } from './backend-providers.js';
import type { ChainHead } from '../head/chain-head.worker.js';
import { createFactoryProviders, factoryContracts, createFactoryStateReader } from './factory/factory-providers.js';
import { FormerContractsBackend } from './former/former-contracts-backend.adapter.js';
import { FormerContracts } from './former/former-contracts.service.js';
import { FormerTokenLookup } from './former/former-token-lookup.adapter.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { createTokenManagerProviders, createTokenManagerStateReader } from './token-manager/token-manager-providers.js';
import { tokenManagerContracts } from './token-manager/token-manager-contracts.js';

/** Configuration of each backend. `TOKEN_BACKEND` enables one; the others are null. */
export const BACKEND_CONFIGS = [FactoryConfig, TokenManagerConfig] as const;
export type BackendConfigs = readonly [factory: FactoryConfig | null, manager: TokenManagerConfig | null];

/** Describes the contracts of the configured backend. */
export function tokenContracts(...[factory, manager]: BackendConfigs): TokenContracts {
  if (manager) return tokenManagerContracts(manager);
  if (factory) return factoryContracts(factory);
  throw new Error('TOKEN_BACKEND enables no token backend');
}

/** Creates the adapters of the configured backend. Those of a queue with former contracts ask these first. */
export function createBackendProviders(
  reader: ChainReader,
  head: ChainHead,
  jobs: DeploymentJobs,
  batches: BackendConfig,
  ...[factory, manager]: BackendConfigs
): BackendProviders {
  const providers = createCurrentProviders(reader, head, jobs, batches, factory, manager);
  const { formerFactories, formerTokenManagers } = batches;
  if (formerFactories === null && formerTokenManagers === null) return providers;
  const addresses = {
    factories: (formerFactories ?? []).map(toChecksum),
    tokenManagers: (formerTokenManagers ?? []).map(toChecksum),
  };
  const former = new FormerContracts(reader, addresses);
  const current = toChecksum(tokenContracts(factory, manager).contract);
  return {
    calls: providers.calls,
    tokenRestorer: providers.tokenRestorer,
    backend: new FormerContractsBackend(providers.backend, former, reader, { ...addresses, current }),
    tokenLookup: new FormerTokenLookup(providers.tokenLookup, former),
  };
}

/** Two addresses that differ in case only are one contract. */
function toChecksum(address: string): string {
  return checksumAddress(address.toLowerCase()) ?? address;
}

function createCurrentProviders(
  reader: ChainReader,
  head: ChainHead,
  jobs: DeploymentJobs,
  batches: BackendConfig,
  ...[factory, manager]: BackendConfigs
): BackendProviders {
  if (manager) return createTokenManagerProviders(reader, head, jobs, manager);
  if (factory) return createFactoryProviders(reader, factory, batches);
  throw new Error('TOKEN_BACKEND enables no token backend');
}

/** Creates the read-only adapter of the configured backend. */
export function createChainStateReader(
  reader: ChainReader,
  chain: ChainConfig,
  ...[factory, manager]: BackendConfigs
): ChainStateReader {
  if (manager) return createTokenManagerStateReader(reader, chain, manager);
  if (factory) return createFactoryStateReader(reader, chain, factory);
  throw new Error('TOKEN_BACKEND enables no token backend');
}
