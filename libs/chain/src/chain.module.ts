import { Global, Module } from '@nestjs/common';
import { DeployingAccounts, ModelTokens, TokenBackend, TokenDeployer } from '#core';
import { BackendConfig, ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { AccountWatch } from './account-watch.js';
import { BackendAdapters } from './backend-adapters.js';
import { BACKEND_TOPICS, backendAdapters } from './backend-choice.js';
import { BootChecks } from './boot-checks.js';
import { ChainHead } from './chain-head.js';
import { ChainRunner } from './chain-runner.js';
import { FeeQuotes } from './fees/fee-quotes.js';
import { LaneTransactions } from './history/lane-transactions.js';
import { TokenHistory } from './history/token-history.js';
import { LaneProbe } from './lane-probe.js';
import { Adopter } from './lanes/adopter.js';
import { BatchFormer } from './lanes/batch-former.js';
import { JournalGuard } from './lanes/journal-guard.js';
import { LaneAlignment } from './lanes/lane-alignment.js';
import { LaneCrew } from './lanes/lane.js';
import { LaneFleet } from './lanes/lane-fleet.js';
import { LaneGauges } from './lanes/lane-gauges.js';
import { LaneHolds } from './lanes/lane-holds.js';
import { LaneQuarantine } from './lanes/lane-quarantine.js';
import { LaneRebuild } from './lanes/lane-rebuild.js';
import { LaneRecovery } from './lanes/lane-recovery.js';
import { LaneShares } from './lanes/lane-shares.js';
import { PendingJobs } from './lanes/pending-jobs.js';
import { RegistrationWatch } from './lanes/registration-watch.js';
import { SlotLauncher } from './lanes/slot-launcher.js';
import { Submitter } from './lanes/submitter.js';
import { Tracker } from './lanes/tracker.js';
import { UnminedSlots } from './lanes/unmined-slots.js';
import { WatchedLanes } from './lanes/watched-lanes.js';
import { RpcProbe } from './rpc-probe.js';
import { ChainReader } from './rpc/chain-reader.js';
import { configuredPool } from './rpc/configured-pool.js';
import { RpcPool } from './rpc/rpc-pool.js';
import { SigningAccounts } from './signing-accounts.js';

/** The way from admitted jobs to final tokens. Needs the ports of the ledger and `JobOutcomes` from other modules. */
@Global()
@Module({
  providers: [
    { provide: RpcPool, inject: [ChainConfig, Metrics], useFactory: configuredPool },
    ChainReader,
    ChainHead,
    FeeQuotes,
    {
      provide: BackendAdapters,
      inject: [ChainReader, ChainHead, BackendConfig, ...BACKEND_TOPICS],
      useFactory: backendAdapters,
    },
    { provide: TokenBackend, inject: [BackendAdapters], useFactory: ({ backend }: BackendAdapters) => backend },
    { provide: ModelTokens, inject: [BackendAdapters], useFactory: ({ tokens }: BackendAdapters) => tokens },
    { provide: TokenHistory, inject: [BackendAdapters], useFactory: ({ history }: BackendAdapters) => history },
    PendingJobs,
    BatchFormer,
    Adopter,
    SlotLauncher,
    UnminedSlots,
    LaneGauges,
    LaneHolds,
    LaneShares,
    Submitter,
    Tracker,
    LaneRecovery,
    LaneTransactions,
    LaneRebuild,
    LaneQuarantine,
    WatchedLanes,
    LaneProbe,
    JournalGuard,
    LaneAlignment,
    LaneCrew,
    RegistrationWatch,
    LaneFleet,
    { provide: TokenDeployer, useExisting: LaneFleet },
    AccountWatch,
    { provide: DeployingAccounts, useClass: SigningAccounts },
    BootChecks,
    ChainRunner,
    RpcProbe,
  ],
  exports: [TokenDeployer, ModelTokens, LaneProbe, DeployingAccounts, ChainRunner, RpcProbe],
})
export class ChainModule {}
