import { Global, Module } from '@nestjs/common';
import { BACKEND_TOPICS, type BackendSettings, maximumPolicy, tokenContracts } from '#chain';
import { BackendConfig, ChainConfig, MessageConfig, QueueConfig, RedisConfig, SpendConfig } from '#config';
import { HoldRegistry, ProcessExit, ServiceState, SpendRegistry } from '#core';
import { WorkerSettings } from '#worker';
import { LedgerModule, type LedgerOptions } from '#ledger';
import { queueHome, QueueModule, WORKER_NAME } from '#queue';
import { RedisConnections, RedisModule } from '#redis';
import { NodeProcessExit } from './bootstrap/process-exit.adapter.js';

const queue = QueueModule.forRootAsync({
  inject: [QueueConfig, ChainConfig, BackendConfig, ...BACKEND_TOPICS],
  useFactory: (
    { modelIdSource }: QueueConfig,
    { chainId }: ChainConfig,
    { formerFactories, formerTokenManagers }: BackendConfig,
    ...backend: BackendSettings
  ) => ({
    home: queueHome({ chainId, modelIdSource, contract: tokenContracts(...backend).contract }),
    formerContracts: [...(formerFactories ?? []), ...(formerTokenManagers ?? [])],
  }),
});

const ledger = LedgerModule.forRootAsync({
  imports: [RedisModule],
  inject: [RedisConnections, RedisConfig, QueueConfig, ChainConfig, ...BACKEND_TOPICS],
  useFactory: (
    { clustered: braced }: RedisConnections,
    { waitReplicas: count, waitTimeoutMs: timeoutMs }: RedisConfig,
    { queueName, deployedQueueName, deployedFullQueueName }: QueueConfig,
    { chainId }: ChainConfig,
    ...backend: BackendSettings
  ): LedgerOptions => {
    const { contract } = tokenContracts(...backend);
    const replicas = { count, timeoutMs };
    return {
      queueName,
      deployedQueueName,
      deployedFullQueueName,
      chainId,
      contract,
      owner: WORKER_NAME,
      replicas,
      braced,
    };
  },
});

const workerSettings = {
  provide: WorkerSettings,
  inject: [QueueConfig, MessageConfig, ChainConfig, ...BACKEND_TOPICS],
  useFactory: (
    config: QueueConfig,
    messages: MessageConfig,
    chain: ChainConfig,
    ...backend: BackendSettings
  ): WorkerSettings => ({
    ...tokenContracts(...backend),
    queueName: config.queueName,
    worker: WORKER_NAME,
    pollIntervalMs: config.pollIntervalMs,
    leaseDurationMs: config.leaseDurationMs,
    claimBatch: config.claimBatch,
    maxMessagesInFlight: config.maxMessagesInFlight,
    maxMessageBytes: config.maxMessageBytes,
    maxRetriesCap: config.maxRetriesCap,
    maxStalls: config.maxStalls,
    modelIdSource: config.modelIdSource,
    minImprovementPercentage: config.minImprovementPercentage,
    metricDirections: config.metricDirections,
    messageSignatures: messages.messageSignatures,
    messageKeysFile: messages.messageKeysFile,
    allow: { modelIds: messages.modelIdAllow, contributors: messages.contributorAllow },
    network: chain.networkName,
    hokusaiNetwork: chain.hokusaiNetwork,
    hasFullEventList: config.deployedFullQueueName !== null,
    chainId: chain.chainId,
  }),
};

/** Binds the ports of core to their adapters for all modules. */
@Global()
@Module({
  imports: [RedisModule, queue, ledger],
  providers: [
    { provide: HoldRegistry, useFactory: () => new HoldRegistry(WORKER_NAME) },
    ServiceState,
    {
      provide: SpendRegistry,
      inject: [ChainConfig, SpendConfig],
      useFactory: (chain: ChainConfig, spend: SpendConfig) => new SpendRegistry(maximumPolicy(chain, spend)),
    },
    { provide: ProcessExit, useClass: NodeProcessExit },
    workerSettings,
  ],
  exports: [RedisModule, queue, ledger, HoldRegistry, ServiceState, SpendRegistry, ProcessExit, WorkerSettings],
})
export class InfrastructureModule {}
