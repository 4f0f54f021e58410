import { Global, Module } from '@nestjs/common';
import { DeploymentJobs, SignerAccounts, SpendRegistry, TokenLookup, TokenBackend, TokenDeployer } from '#core';
import { BackendConfig, ChainConfig } from '#config';
import { SigningPolicy } from '#signing';
import { Metrics } from '#telemetry';
import { DelegatedAccounts } from './lanes/status/delegated-accounts.service.js';
import { AccountMonitor } from './lanes/status/account-monitor.worker.js';
import { BackendProviders } from './backends/backend-providers.js';
import { BACKEND_CONFIGS, createBackendProviders } from './backends/token-backend.factory.js';
import { StartupChecks } from './startup/startup-checks.service.js';
import { ChainHead } from './head/chain-head.worker.js';
import { ChainService } from './chain.service.js';
import { DataFeeEstimator } from './fees/data-fee-estimator.service.js';
import { FeeEstimator } from './fees/fee-estimator.service.js';
import { NodeDemands } from './fees/node-demands.js';
import { LaneTransactionFinder } from './history/lane-transaction-finder.service.js';
import { TokenRestorer } from './history/token-restorer.port.js';
import { LaneHealth } from './lanes/status/lane.health.js';
import { TokenAdopter } from './lanes/jobs/token-adopter.worker.js';
import { BatchBuilder } from './lanes/jobs/batch-builder.service.js';
import { ReplicationGate } from './lanes/transactions/replication-gate.service.js';
import { NonceReconciler } from './lanes/nonce/nonce-reconciler.service.js';
import { LaneServices } from './lanes/lifecycle/lane.worker.js';
import { LaneTokenDeployer } from './lanes/lifecycle/lane-token-deployer.adapter.js';
import { TokenCost } from './lanes/status/token-cost.js';
import { LaneMetrics } from './lanes/status/lane-metrics.service.js';
import { LaneHolds } from './lanes/status/lane-holds.service.js';
import { LaneQuarantine } from './lanes/status/lane-quarantine.service.js';
import { LaneBackfill } from './lanes/nonce/lane-backfill.service.js';
import { LaneSessionFactory } from './lanes/lifecycle/lane-session.factory.js';
import { LaneQuota } from './lanes/jobs/lane-quota.service.js';
import { PendingJobs } from './lanes/jobs/pending-jobs.js';
import { RegistrationMonitor } from './lanes/jobs/registration-monitor.worker.js';
import { TransactionLimits } from './lanes/transactions/transaction-limits.service.js';
import { TransactionSigner } from './lanes/transactions/transaction-signer.service.js';
import { TransactionSender } from './lanes/transactions/transaction-sender.service.js';
import { BatchSubmitter } from './lanes/jobs/batch-submitter.service.js';
import { TransactionTracker } from './lanes/transactions/transaction-tracker.service.js';
import { NonceGapFiller } from './lanes/nonce/nonce-gap-filler.service.js';
import { FinalityCheck } from './lanes/transactions/finality-check.service.js';
import { PendingTransactionMonitor } from './lanes/transactions/pending-transaction-monitor.service.js';
import { OrphanedLanes } from './lanes/lifecycle/orphaned-lanes.worker.js';
import { RpcHealth } from './rpc/health/rpc.health.js';
import { ChainReader } from './rpc/chain-reader.js';
import { createRpcPool } from './rpc/pool/rpc-pool.factory.js';
import { RpcPool } from './rpc/pool/rpc-pool.js';
import { SpendGovernor } from './spending/spend-governor.service.js';
import { SpendMonitor } from './spending/spend-monitor.worker.js';
import { createSigningPolicy } from './startup/signing-policy.factory.js';
import { SignerMonitor } from './startup/signer-monitor.worker.js';
import { ConfiguredSigners } from './startup/configured-signers.adapter.js';

/** The way from admitted jobs to final tokens. Needs the ports of the ledger and `JobResultHandler` from other modules. */
@Global()
@Module({
  providers: [
    { provide: RpcPool, inject: [ChainConfig, Metrics], useFactory: createRpcPool },
    ChainReader,
    ChainHead,
    NodeDemands,
    DataFeeEstimator,
    FeeEstimator,
    {
      provide: BackendProviders,
      inject: [ChainReader, ChainHead, DeploymentJobs, BackendConfig, ...BACKEND_CONFIGS],
      useFactory: createBackendProviders,
    },
    { provide: TokenBackend, inject: [BackendProviders], useFactory: ({ backend }: BackendProviders) => backend },
    {
      provide: TokenLookup,
      inject: [BackendProviders],
      useFactory: ({ tokenLookup }: BackendProviders) => tokenLookup,
    },
    {
      provide: TokenRestorer,
      inject: [BackendProviders],
      useFactory: ({ tokenRestorer }: BackendProviders) => tokenRestorer,
    },
    {
      provide: SigningPolicy,
      inject: [ChainConfig, BackendProviders, ChainReader, SpendRegistry],
      useFactory: (chain: ChainConfig, { calls }: BackendProviders, reader: ChainReader, spending: SpendRegistry) =>
        createSigningPolicy(chain, calls, {
          hasShownBaseFee: () => reader.hasShownBaseFee,
          caps: () => spending.policy,
        }),
    },
    PendingJobs,
    BatchBuilder,
    TokenAdopter,
    TransactionLimits,
    TransactionSigner,
    TransactionSender,
    SpendGovernor,
    SpendMonitor,
    NonceGapFiller,
    FinalityCheck,
    PendingTransactionMonitor,
    {
      provide: TokenCost,
      inject: [TokenBackend],
      useFactory: ({ gasPerToken }: TokenBackend) => new TokenCost(gasPerToken),
    },
    LaneMetrics,
    LaneHolds,
    LaneQuota,
    BatchSubmitter,
    TransactionTracker,
    LaneSessionFactory,
    LaneTransactionFinder,
    LaneBackfill,
    LaneQuarantine,
    DelegatedAccounts,
    OrphanedLanes,
    LaneHealth,
    ReplicationGate,
    NonceReconciler,
    LaneServices,
    RegistrationMonitor,
    LaneTokenDeployer,
    { provide: TokenDeployer, useExisting: LaneTokenDeployer },
    AccountMonitor,
    ConfiguredSigners,
    { provide: SignerAccounts, useExisting: ConfiguredSigners },
    StartupChecks,
    SignerMonitor,
    ChainService,
    RpcHealth,
  ],
  exports: [TokenDeployer, TokenLookup, LaneHealth, SignerAccounts, ChainService, RpcHealth],
})
export class ChainModule {}
