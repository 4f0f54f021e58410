import type { BackendConfig, ChainConfig, FactoryConfig } from '#config';
import { SELECTORS } from '#contracts';
import { type ChainStateReader, type TokenContracts, tokenName } from '#core';
import type { BackendProviders } from '../backend-providers.js';
import { FactoryEventReader } from './factory-event-reader.js';
import { FactoryTokenRestorer } from './factory-token-restorer.adapter.js';
import { FactoryChainStateReader } from './factory-chain-state-reader.adapter.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { BatchSimulator } from './batch-simulator.js';
import { CallSimulator } from './call-simulator.js';
import { DeploymentLogFinder } from './deployment-log-finder.js';
import { ExistingTokenFinder } from './existing-token-finder.js';
import { FactoryBackend } from './factory-backend.adapter.js';
import { FactoryTokenLookup } from './factory-token-lookup.adapter.js';

export function createFactoryProviders(
  reader: ChainReader,
  config: FactoryConfig,
  batches: BackendConfig,
): BackendProviders {
  const simulation = new BatchSimulator(new CallSimulator(reader), reader, config);
  const tokens = new ExistingTokenFinder(reader, new DeploymentLogFinder(reader, config), config);
  return {
    backend: new FactoryBackend(reader, simulation, tokens, config, batches),
    tokenLookup: new FactoryTokenLookup(reader, config),
    tokenRestorer: new FactoryTokenRestorer(reader, new FactoryEventReader(reader, config), config),
    calls: [SELECTORS.deploy, SELECTORS.deployBatch].map((selector) => {
      return { to: config.factoryAddress, selector, maxValue: 0n };
    }),
  };
}

export function createFactoryStateReader(
  reader: ChainReader,
  chain: ChainConfig,
  config: FactoryConfig,
): ChainStateReader {
  const history = new FactoryEventReader(reader, config);
  return new FactoryChainStateReader(reader, history, new FactoryTokenRestorer(reader, history, config), chain, config);
}

/** Describes the factory: it accepts any model id and derives the token name from the symbol. */
export function factoryContracts({ factoryAddress }: FactoryConfig): TokenContracts {
  return { contract: factoryAddress, modelIdRule: null, nameOf: tokenName };
}
