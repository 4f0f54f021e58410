import type { ChainConfig, TokenManagerConfig } from '#config';
import { SELECTORS } from '#contracts';
import type { ChainStateReader, DeploymentJobs } from '#core';
import type { BackendProviders } from '../backend-providers.js';
import type { ChainHead } from '../../head/chain-head.worker.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { ContractInterfaceCheck } from './contract-interface-check.js';
import { DeployStep } from './deploy-step.js';
import { FinalStateCheck } from './final-state-check.js';
import { TokenOwnershipCheck } from './token-ownership-check.js';
import { TokenManagerCalls } from './token-manager-calls.js';
import { TokenManagerStartupChecks } from './token-manager-startup-checks.js';
import { TokenManagerEventReader } from './token-manager-event-reader.js';
import { TokenManagerTokenLookup } from './token-manager-token-lookup.adapter.js';
import { TokenManagerReceiptReader } from './token-manager-receipt-reader.js';
import { TokenManagerChainStateReader } from './token-manager-chain-state-reader.adapter.js';
import { ModelStatusReader } from './model-status-reader.js';
import { RegisteredTokenFinder } from './registered-token-finder.js';
import { KeptTermsReader } from './kept-terms-reader.js';
import { RegisterStep } from './register-step.js';
import { RegistryOwner } from './registry-owner.js';
import { TermsCheck } from './terms-check.js';
import { TokenManagerBackend } from './token-manager-backend.adapter.js';
import { TokenCreationFinder } from './token-creation-finder.js';
import { TokenManagerTokenRestorer } from './token-manager-token-restorer.adapter.js';

export function createTokenManagerProviders(
  reader: ChainReader,
  head: ChainHead,
  jobs: DeploymentJobs,
  config: TokenManagerConfig,
): BackendProviders {
  const owner = new RegistryOwner(reader, config);
  const origins = new TokenCreationFinder(reader, config);
  const known = new TokenOwnershipCheck(origins, owner, config);
  const calls = new TokenManagerCalls(reader, config);
  const terms = new TermsCheck(reader, jobs, new KeptTermsReader(reader, config), config);
  const deploying = new DeployStep(reader, calls, terms, config);
  const views = new ContractInterfaceCheck(reader, deploying, owner, config);
  const finalState = new FinalStateCheck(reader, head, config);
  const backend = new TokenManagerBackend({
    head,
    owner,
    checks: new TokenManagerStartupChecks(reader, views, finalState, owner, terms, config),
    statusReader: new ModelStatusReader(reader, config),
    deployStep: deploying,
    registerStep: new RegisterStep(known, owner, calls),
    calls,
    receiptReader: new TokenManagerReceiptReader(reader, origins, config),
    registeredTokenFinder: new RegisteredTokenFinder(known, origins),
  });
  return {
    backend,
    tokenLookup: new TokenManagerTokenLookup(reader, config),
    tokenRestorer: new TokenManagerTokenRestorer(config),
    calls: [
      { to: config.managerAddress, selector: SELECTORS.deployTokenWithAllocations, maxValue: config.maxDeploymentFee },
      { to: config.registryAddress, selector: SELECTORS.registerModel, maxValue: 0n },
    ],
  };
}

export function createTokenManagerStateReader(
  reader: ChainReader,
  chain: ChainConfig,
  config: TokenManagerConfig,
): ChainStateReader {
  return new TokenManagerChainStateReader(
    reader,
    chain,
    config,
    new TokenManagerEventReader(reader, config),
    new ModelStatusReader(reader, config),
  );
}
