import type { ChainConfig, TokenManagerConfig } from '#config';
import type { ChainWitness } from '#core';
import type { BackendAdapters } from '../backend-adapters.js';
import type { ChainHead } from '../chain-head.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { ContractViews } from './contract-views.js';
import { Deploying } from './deploying.js';
import { FinalState } from './final-state.js';
import { KnownTokens } from './known-tokens.js';
import { ManagedCalls } from './managed-calls.js';
import { ManagedChecks } from './managed-checks.js';
import { ManagedEvents } from './managed-events.js';
import { ManagedModelTokens } from './managed-model-tokens.js';
import { ManagedReceipts } from './managed-receipts.js';
import { ManagedWitness } from './managed-witness.js';
import { ModelStandings } from './model-standings.js';
import { RegisteredTokens } from './registered-tokens.js';
import { Registering } from './registering.js';
import { RegistryOwner } from './registry-owner.js';
import { TokenManagerBackend } from './token-manager-backend.js';
import { TokenOrigins } from './token-origins.js';
import { UnrestorableTokens } from './unrestorable-tokens.js';

export function tokenManagerAdapters(
  reader: ChainReader,
  head: ChainHead,
  config: TokenManagerConfig,
): BackendAdapters {
  const owner = new RegistryOwner(reader, config);
  const origins = new TokenOrigins(reader, config);
  const known = new KnownTokens(origins, owner, config);
  const calls = new ManagedCalls(reader, config);
  const deploying = new Deploying(reader, calls, config);
  const views = new ContractViews(reader, deploying, owner, config);
  const finalState = new FinalState(reader, head, config);
  const backend = new TokenManagerBackend({
    head,
    owner,
    checks: new ManagedChecks(reader, views, finalState, owner, config),
    standings: new ModelStandings(reader, config),
    deploying,
    registering: new Registering(known, owner, calls),
    calls,
    receipts: new ManagedReceipts(reader, origins, config),
    registered: new RegisteredTokens(known, origins),
  });
  return { backend, tokens: new ManagedModelTokens(reader, config), history: new UnrestorableTokens(config) };
}

export function tokenManagerWitness(reader: ChainReader, chain: ChainConfig, config: TokenManagerConfig): ChainWitness {
  return new ManagedWitness(
    reader,
    chain,
    config,
    new ManagedEvents(reader, config),
    new ModelStandings(reader, config),
  );
}
