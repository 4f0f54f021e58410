import { type Abstract, Global, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  DEAD_LETTER_REASONS,
  DeploymentJobs,
  HoldExchange,
  HOLD_REASONS,
  HoldRegistry,
  LedgerCheck,
  MessageQueue,
  ServiceState,
  TokenDeployer,
  tokenName,
} from '#core';
import { WorkerModule, WorkerSettings } from '#worker';
import { Metrics } from '#telemetry';
import { FakeHoldExchange } from './fakes/fake-hold-exchange.js';
import { FakeTokenDeployer } from './fakes/fake-token-deployer.js';
import { LeasedDeploymentJobs } from './fakes/leased-deployment-jobs.js';
import { FakeLedgerCheck } from './fakes/fake-ledger-check.js';
import { LeasedMessageQueue } from './fakes/leased-message-queue.js';
import { LogCapture } from './telemetry/log-capture.js';

const SETTINGS = {
  queueName: 'hokusai:model_ready_queue',
  worker: 'worker-1',
  pollIntervalMs: 5_000,
  leaseDurationMs: 30_000,
  claimBatch: 100,
  maxMessagesInFlight: 1_000,
  maxMessageBytes: 262_144,
  maxRetriesCap: 10,
  maxStalls: 5,
  modelIdSource: 'model_id',
  minImprovementPercentage: 0,
  metricDirections: null,
  messageSignatures: 'off',
  messageKeysFile: null,
  allow: { modelIds: null, contributors: null },
  network: 'anvil',
  hokusaiNetwork: null,
  hasFullEventList: false,
  chainId: 31_337,
  contract: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
  modelIdRule: null,
  nameOf: tokenName,
} satisfies WorkerSettings;

/** The use case as the application puts it together, over ports in memory. */
export class WorkerHarness {
  readonly queue = new LeasedMessageQueue();
  readonly jobs = new LeasedDeploymentJobs(this.queue);
  readonly deployer = new FakeTokenDeployer();
  readonly holds = new HoldRegistry();
  readonly exchange = new FakeHoldExchange();
  readonly state = new ServiceState();
  readonly metrics = new Metrics({
    deadLetterReasons: DEAD_LETTER_REASONS,
    holdReasons: HOLD_REASONS,
    version: 'test',
  });
  readonly logs = new LogCapture();
  readonly ledgerCheck = new FakeLedgerCheck();
  private module: TestingModule | null = null;

  static async create(settings: Partial<WorkerSettings> = {}): Promise<WorkerHarness> {
    const useCase = new WorkerHarness();
    useCase.module = await Test.createTestingModule({
      imports: [useCase.ports({ ...SETTINGS, ...settings }), WorkerModule],
    }).compile();
    useCase.logs.capture();
    return useCase;
  }

  get<T>(type: Type<T> | Abstract<T>): T {
    if (this.module === null) throw new Error('not made');
    return this.module.get(type, { strict: false });
  }

  /** The sum of a metric's samples that carry all the labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const metric = await this.metrics.registry.getSingleMetric(`token_deployer_${name.replace(/_count$/, '')}`)?.get();
    if (metric === undefined) throw new Error(`no metric ${name}`);
    return metric.values
      .filter(
        (sample) =>
          !name.endsWith('_count') || ('metricName' in sample && String(sample.metricName).endsWith('_count')),
      )
      .filter((sample) => Object.entries(labels).every(([label, value]) => `${sample.labels[label]}` === value))
      .reduce((sum, { value }) => sum + value, 0);
  }

  private ports(settings: WorkerSettings): Type {
    @Global()
    @Module({
      providers: [
        { provide: MessageQueue, useValue: this.queue },
        { provide: DeploymentJobs, useValue: this.jobs },
        { provide: TokenDeployer, useValue: this.deployer },
        { provide: HoldRegistry, useValue: this.holds },
        { provide: HoldExchange, useValue: this.exchange },
        { provide: LedgerCheck, useValue: this.ledgerCheck },
        { provide: ServiceState, useValue: this.state },
        { provide: Metrics, useValue: this.metrics },
        { provide: WorkerSettings, useValue: settings },
      ],
      exports: [
        MessageQueue,
        DeploymentJobs,
        TokenDeployer,
        HoldRegistry,
        HoldExchange,
        LedgerCheck,
        ServiceState,
        Metrics,
        WorkerSettings,
      ],
    })
    class Ports {}
    return Ports;
  }
}
