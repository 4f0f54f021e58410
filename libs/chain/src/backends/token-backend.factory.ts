import { type BackendConfig, type ChainConfig, FactoryConfig, TokenManagerConfig } from '#config';
import type { ChainStateReader, TokenContracts } from '#core';
import type { BackendProviders } from './backend-providers.js';
import type { ChainHead } from '../head/chain-head.worker.js';
import { createFactoryProviders, factoryContracts, createFactoryStateReader } from './factory/factory-providers.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { createTokenManagerProviders, createTokenManagerStateReader } from './token-manager/token-manager-providers.js';
import { tokenManagerContracts } from './token-manager/token-manager-contracts.js';

/** Settings of the backends. The environment chose one of them by TOKEN_BACKEND; the others are null. */
export const BACKEND_CONFIGS = [FactoryConfig, TokenManagerConfig] as const;
export type BackendConfigs = readonly [factory: FactoryConfig | null, manager: TokenManagerConfig | null];

/** The contracts that the environment chose, for those who name things after them. */
export function tokenContracts(...[factory, manager]: BackendConfigs): TokenContracts {
  if (manager) return tokenManagerContracts(manager);
  if (factory) return factoryContracts(factory);
  throw new Error('the environment chose no token backend');
}

/** The one place where a token backend is chosen. */
export function createBackendProviders(
  reader: ChainReader,
  head: ChainHead,
  batches: BackendConfig,
  ...[factory, manager]: BackendConfigs
): BackendProviders {
  if (manager) return createTokenManagerProviders(reader, head, manager);
  if (factory) return createFactoryProviders(reader, factory, batches);
  throw new Error('the environment chose no token backend');
}

/** For those who only read what the contracts keep. */
export function createChainStateReader(
  reader: ChainReader,
  chain: ChainConfig,
  ...[factory, manager]: BackendConfigs
): ChainStateReader {
  if (manager) return createTokenManagerStateReader(reader, chain, manager);
  if (factory) return createFactoryStateReader(reader, chain, factory);
  throw new Error('the environment chose no token backend');
}
