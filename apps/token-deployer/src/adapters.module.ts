import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type FactoryProvider, Global, Module } from '@nestjs/common';
import { BackendConfig, ChainConfig, QueueConfig, RedisConfig } from '#config';
import { DeadLetters, DeploymentJobs, Holds, LaneJournal, MessageQueue, ServiceRefusal, ServiceState } from '#core';
import { DeploymentSettings } from '#deployment';
import { type LedgerOptions, RedisDeploymentJobs, RedisLaneJournal } from '#ledger';
import { RedisDeadLetters, RedisMessageQueue } from '#queue';
import { RedisConnections } from '#redis';
import { Metrics } from '#telemetry';
import { ProcessRefusal } from './process-refusal.js';

/** Names this process among the replicas, and this start among all of its starts. */
const WORKER = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;

const redisConnections: FactoryProvider<RedisConnections> = {
  provide: RedisConnections,
  inject: [RedisConfig, Metrics],
  useFactory: (config: RedisConfig, metrics: Metrics) =>
    RedisConnections.open(config, (connection) => metrics.redisReconnectsTotal.inc({ connection })),
};

const queue: FactoryProvider<MessageQueue> = {
  provide: MessageQueue,
  inject: [RedisConnections, QueueConfig],
  useFactory: (redis: RedisConnections, config: QueueConfig) => new RedisMessageQueue(redis, config, WORKER),
};

const deadLetters: FactoryProvider<DeadLetters> = {
  provide: DeadLetters,
  inject: [RedisConnections, QueueConfig],
  useFactory: (redis: RedisConnections, config: QueueConfig) => new RedisDeadLetters(redis, config),
};

const jobs: FactoryProvider<DeploymentJobs> = {
  provide: DeploymentJobs,
  inject: [RedisConnections, QueueConfig, ChainConfig, BackendConfig],
  useFactory: (redis: RedisConnections, ...config: [QueueConfig, ChainConfig, BackendConfig]) =>
    new RedisDeploymentJobs(redis, ledgerOptions(...config)),
};

const journal: FactoryProvider<LaneJournal> = {
  provide: LaneJournal,
  inject: [RedisConnections, QueueConfig, ChainConfig, BackendConfig],
  useFactory: (redis: RedisConnections, ...config: [QueueConfig, ChainConfig, BackendConfig]) =>
    new RedisLaneJournal(redis, ledgerOptions(...config)),
};

const deploymentSettings: FactoryProvider<DeploymentSettings> = {
  provide: DeploymentSettings,
  inject: [QueueConfig, ChainConfig, BackendConfig],
  useFactory: (queueConfig: QueueConfig, chain: ChainConfig, backend: BackendConfig) => ({
    ...queueConfig,
    worker: WORKER,
    network: chain.networkName,
    chainId: chain.chainId,
    contract: backend.factoryAddress,
  }),
};

function ledgerOptions(queueConfig: QueueConfig, chain: ChainConfig, backend: BackendConfig): LedgerOptions {
  const { queueName, deployedQueueName } = queueConfig;
  return { queueName, deployedQueueName, chainId: chain.chainId, contract: backend.factoryAddress, owner: WORKER };
}

/** Every port of core and the adapter that this process uses for it. */
@Global()
@Module({
  providers: [
    Holds,
    ServiceState,
    { provide: ServiceRefusal, useClass: ProcessRefusal },
    redisConnections,
    queue,
    deadLetters,
    jobs,
    journal,
    deploymentSettings,
  ],
  exports: [
    Holds,
    ServiceState,
    ServiceRefusal,
    RedisConnections,
    MessageQueue,
    DeadLetters,
    DeploymentJobs,
    LaneJournal,
    DeploymentSettings,
  ],
})
export class AdaptersModule {}
