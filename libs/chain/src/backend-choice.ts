import { type BackendConfig, type ChainConfig, FactoryConfig, TokenManagerConfig } from '#config';
import type { ChainWitness, TokenContracts } from '#core';
import type { BackendAdapters } from './backend-adapters.js';
import type { ChainHead } from './chain-head.js';
import { factoryAdapters, factoryContracts, factoryWitness } from './factory/factory-adapters.js';
import type { ChainReader } from './rpc/chain-reader.js';
import { tokenManagerAdapters, tokenManagerWitness } from './token-manager/token-manager-adapters.js';
import { tokenManagerContracts } from './token-manager/token-manager-contracts.js';

/** Settings of the backends. The environment chose one of them by TOKEN_BACKEND; the others are null. */
export const BACKEND_TOPICS = [FactoryConfig, TokenManagerConfig] as const;
export type BackendSettings = readonly [factory: FactoryConfig | null, manager: TokenManagerConfig | null];

/** The contracts that the environment chose, for those who name things after them. */
export function tokenContracts(...[factory, manager]: BackendSettings): TokenContracts {
  if (manager) return tokenManagerContracts(manager);
  if (factory) return factoryContracts(factory);
  throw new Error('the environment chose no token backend');
}

/** The one place where a token backend is chosen. */
export function backendAdapters(
  reader: ChainReader,
  head: ChainHead,
  batches: BackendConfig,
  ...[factory, manager]: BackendSettings
): BackendAdapters {
  if (manager) return tokenManagerAdapters(reader, head, manager);
  if (factory) return factoryAdapters(reader, factory, batches);
  throw new Error('the environment chose no token backend');
}

/** For those who only read what the contracts keep. */
export function backendWitness(
  reader: ChainReader,
  chain: ChainConfig,
  ...[factory, manager]: BackendSettings
): ChainWitness {
  if (manager) return tokenManagerWitness(reader, chain, manager);
  if (factory) return factoryWitness(reader, chain, factory);
  throw new Error('the environment chose no token backend');
}
