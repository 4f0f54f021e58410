import type { BackendConfig, ChainConfig, FactoryConfig } from '#config';
import { type ChainWitness, type TokenContracts, tokenName } from '#core';
import type { BackendAdapters } from '../backend-adapters.js';
import { FactoryHistory } from './factory-history.js';
import { FactoryTokenHistory } from './factory-token-history.js';
import { FactoryWitness } from './factory-witness.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { BatchSimulation } from './batch-simulation.js';
import { CallSimulation } from './call-simulation.js';
import { DeploymentLogs } from './deployment-logs.js';
import { ExistingTokens } from './existing-tokens.js';
import { FactoryBackend } from './factory-backend.js';
import { FactoryTokens } from './factory-tokens.js';

export function factoryAdapters(reader: ChainReader, config: FactoryConfig, batches: BackendConfig): BackendAdapters {
  const simulation = new BatchSimulation(new CallSimulation(reader), reader, config);
  const tokens = new ExistingTokens(reader, new DeploymentLogs(reader, config), config);
  return {
    backend: new FactoryBackend(reader, simulation, tokens, config, batches),
    tokens: new FactoryTokens(reader, config),
    history: new FactoryTokenHistory(reader, new FactoryHistory(reader, config), config),
  };
}

export function factoryWitness(reader: ChainReader, chain: ChainConfig, config: FactoryConfig): ChainWitness {
  const history = new FactoryHistory(reader, config);
  return new FactoryWitness(reader, history, new FactoryTokenHistory(reader, history, config), chain, config);
}

/** The factory takes any model id, and names a token by its symbol. */
export function factoryContracts({ factoryAddress }: FactoryConfig): TokenContracts {
  return { contract: factoryAddress, modelIdRule: null, nameOf: tokenName };
}
