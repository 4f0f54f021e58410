import { Global, type LoggerService, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  BACKEND_TOPICS,
  type BackendSettings,
  ChainModule,
  ChainRunner,
  LaneProbe,
  maximumPolicy,
  RpcProbe,
  tokenContracts,
} from '#chain';
import { ChainConfig, type Environment, QueueConfig, RedisConfig, AppConfigModule, SpendConfig } from '#config';
import {
  type DeploymentJob,
  DeploymentJobs,
  HoldRegistry,
  type HoldReason,
  type JobResult,
  JobResultHandler,
  JobRestoration,
  JournalDurability,
  LaneJournal,
  type LaneLease,
  type ProbeResult,
  ProcessExit,
  type Slot,
  SpendLedger,
  SpendRegistry,
  TokenBackend,
  TokenDeployer,
} from '#core';
import {
  ledgerKeys,
  type LedgerOptions,
  RedisDeploymentJobs,
  RedisJobRestoration,
  RedisJournalDurability,
  RedisLaneJournal,
  RedisSpendLedger,
} from '#ledger';
import { RedisConnections } from '#redis';
import { Metrics, TelemetryModule } from '#telemetry';
import { ANVIL_ACCOUNTS } from './anvil.js';
import { aDeploymentJob } from '../fixtures/deployment-job.fixture.js';
import { RecordingJobResultHandler } from '../fakes/recording-job-result-handler.js';
import { until } from '../until.js';

/** One process' worth of chain work, wired by the real module, on a real ledger. */
export class ChainReplica {
  readonly results: RecordingJobResultHandler;
  readonly jobs: DeploymentJobs;
  readonly journal: LaneJournal;
  readonly spending: SpendLedger;
  readonly holds: HoldRegistry;
  readonly metrics: Metrics;
  private stopped: Promise<void> | null = null;

  private constructor(
    private readonly app: TestingModule,
    private readonly ledger: LedgerOptions,
  ) {
    this.jobs = app.get(DeploymentJobs, { strict: false });
    this.journal = app.get(LaneJournal, { strict: false });
    this.spending = app.get(SpendLedger, { strict: false });
    this.holds = app.get(HoldRegistry, { strict: false });
    this.metrics = app.get(Metrics, { strict: false });
    this.results = app.get(RecordingJobResultHandler, { strict: false });
  }

  /** @param contracts take the place of those that the environment chose */
  static async create(
    owner: string,
    logger: LoggerService,
    env: Environment,
    contracts?: TokenBackend,
  ): Promise<ChainReplica> {
    const module = Test.createTestingModule({
      imports: [
        await AppConfigModule.forRoot(env),
        TelemetryModule.forRootAsync({
          inject: [],
          useFactory: () => ({
            log: { level: 'debug' as const, secrets: [] },
            labels: { deadLetterReasons: [], holdReasons: [], version: 'test' },
          }),
        }),
        portsOf(owner),
        ChainModule,
      ],
    }).setLogger(logger);
    if (contracts) module.overrideProvider(TokenBackend).useValue(contracts);
    const app = await module.compile();
    const backend = BACKEND_TOPICS.map((topic) => app.get<unknown>(topic)) as unknown as BackendSettings;
    return new ChainReplica(app, ledgerOptions(owner, app.get(QueueConfig), app.get(ChainConfig), ...backend));
  }

  /** @throws StartupError */
  async start(): Promise<void> {
    await this.app.get(ChainRunner).start();
  }

  /** As a shutdown does it; a second call waits for the first. */
  async stop(): Promise<void> {
    this.stopped ??= this.end();
    await this.stopped;
  }

  /** Stops as a crash does: from now on nothing reaches Redis, and its lane stays leased. */
  async kill(): Promise<void> {
    this.app.get(RedisConnections, { strict: false }).close();
    await this.stop();
  }

  /** What the refusal was told after the start. */
  get exitErrors(): readonly Error[] {
    return this.app.get(RecordingProcessExit, { strict: false }).errors;
  }

  get redis() {
    return this.app.get(RedisConnections, { strict: false }).commands;
  }

  /** Where the lease of the lane stands. */
  get laneKey(): string {
    return ledgerKeys(this.ledger).lane(ANVIL_ACCOUNTS[1].address);
  }

  async admit(...modelIds: readonly string[]): Promise<readonly DeploymentJob[]> {
    const entries = modelIds.map((modelId) => ({
      request: aDeploymentJob(modelId).request,
      message: {
        lease: `lease-of-${modelId}`,
        bytes: Buffer.from(modelId),
        digest: modelId,
        attempts: 0,
        deliveries: 1,
        stalls: 0,
        replays: 0,
        firstSeenAt: Date.now(),
      },
    }));
    const admissions = await this.jobs.admit(entries);
    return admissions.flatMap((admission) => (admission.kind === 'admitted' ? [admission.job] : []));
  }

  /** Admits and hands over, as the admission desk does. */
  async submit(...modelIds: readonly string[]): Promise<void> {
    this.app.get(TokenDeployer, { strict: false }).submit(await this.admit(...modelIds));
  }

  /** Waits for the verdict about a model. */
  async waitForResult(modelId: string): Promise<JobResult> {
    return await until(`a verdict about ${modelId}`, () => this.results.of(modelId));
  }

  /** How the chain is, as the health of the service says it. */
  async checkRpc(): Promise<ProbeResult> {
    return await this.app.get(RpcProbe, { strict: false }).check();
  }

  /** Health of the lanes, as the service reports it. */
  async checkLanes(): Promise<ProbeResult> {
    return await this.app.get(LaneProbe, { strict: false }).check();
  }

  /** Waits until another replica works in place of this one, and returns which. */
  async waitForStandby(): Promise<string> {
    return await until('the standby', () => this.holds.standby);
  }

  /** Waits until this replica works itself. */
  async waitForLane(): Promise<void> {
    await until('the lane', () => !this.holds.pauses('redis_unavailable'));
  }

  async waitForHold(reason: HoldReason): Promise<string> {
    return await until(`the hold ${reason}`, () => this.holds.list().find((hold) => hold.reason === reason)?.detail);
  }

  async waitForHoldCleared(reason: HoldReason): Promise<void> {
    await until(`the end of the hold ${reason}`, () => !this.holds.list().some((hold) => hold.reason === reason));
  }

  /** Sets a budget as an operator does; null removes it. */
  async setHourlyBudget(spendPerHour: bigint | null): Promise<void> {
    const { policy } = this.app.get(SpendRegistry, { strict: false });
    const action = { actor: 'test', requestId: 'r-1', note: null };
    if (!(await this.spending.replacePolicy({ ...policy, spendPerHour }, policy.version, action)))
      throw new Error('the policy has another version');
  }

  /** Takes the lane by hand, for a replica that is not started. */
  async acquireLane(): Promise<LaneLease> {
    const lease = await this.journal.acquire(ANVIL_ACCOUNTS[1].address, 60_000);
    if (lease === null) throw new Error('another replica holds the lane');
    return lease;
  }

  async slots(): Promise<readonly Slot[]> {
    return (await this.journal.read(ANVIL_ACCOUNTS[1].address)).slots;
  }

  /** Slots of the lane by state, as the metrics show them. */
  async laneSlotsMetric(state: 'unmined' | 'mined'): Promise<number> {
    const { values } = await this.metrics.laneSlots.get();
    return values.find(({ labels }) => labels['state'] === state)?.value ?? 0;
  }

  /** Waits until the journal holds so many open slots. */
  async waitForOpenSlots(count: number): Promise<readonly Slot[]> {
    return await until(`${count} open slots`, async () => {
      const slots = await this.slots();
      return slots.length === count && slots;
    });
  }

  /** Events in the queue of deployed tokens: the model id of each. */
  async eventModelIds(): Promise<readonly string[]> {
    return await this.redis.lrange(this.ledger.deployedQueueName, 0, -1);
  }

  private async end(): Promise<void> {
    await this.app.get(ChainRunner).stop();
    this.app.get(RedisConnections, { strict: false }).close();
    await this.app.close();
  }
}

class RecordingProcessExit extends ProcessExit {
  readonly errors: Error[] = [];

  override exitWith(error: Error): void {
    this.errors.push(error);
  }
}

/** The ports that `ChainModule` needs of others. */
function portsOf(owner: string) {
  const ledger = [RedisConnections, QueueConfig, ChainConfig, ...BACKEND_TOPICS];
  type Ledger = [RedisConnections, QueueConfig, ChainConfig, ...BackendSettings];
  @Global()
  @Module({
    providers: [
      HoldRegistry,
      RecordingProcessExit,
      { provide: ProcessExit, useExisting: RecordingProcessExit },
      {
        provide: RedisConnections,
        inject: [RedisConfig],
        useFactory: (config: RedisConfig) => RedisConnections.open(config),
      },
      {
        provide: DeploymentJobs,
        inject: ledger,
        useFactory: (...[redis, ...config]: Ledger) => new RedisDeploymentJobs(redis, ledgerOptions(owner, ...config)),
      },
      {
        provide: LaneJournal,
        inject: ledger,
        useFactory: (...[redis, ...config]: Ledger) => new RedisLaneJournal(redis, ledgerOptions(owner, ...config)),
      },
      {
        provide: JobRestoration,
        inject: ledger,
        useFactory: (...[redis, ...config]: Ledger) => new RedisJobRestoration(redis, ledgerOptions(owner, ...config)),
      },
      {
        provide: JournalDurability,
        inject: ledger,
        useFactory: (...[redis, ...config]: Ledger) =>
          new RedisJournalDurability(redis, ledgerOptions(owner, ...config)),
      },
      {
        provide: SpendLedger,
        inject: ledger,
        useFactory: (...[redis, ...config]: Ledger) => new RedisSpendLedger(redis, ledgerOptions(owner, ...config)),
      },
      {
        provide: SpendRegistry,
        inject: [ChainConfig, SpendConfig],
        useFactory: (chain: ChainConfig, spend: SpendConfig) => new SpendRegistry(maximumPolicy(chain, spend)),
      },
      {
        provide: RecordingJobResultHandler,
        inject: [DeploymentJobs],
        useFactory: (jobs: DeploymentJobs) => new RecordingJobResultHandler(jobs),
      },
      { provide: JobResultHandler, useExisting: RecordingJobResultHandler },
    ],
    exports: [
      HoldRegistry,
      ProcessExit,
      DeploymentJobs,
      JobRestoration,
      JournalDurability,
      LaneJournal,
      JobResultHandler,
      SpendLedger,
      SpendRegistry,
    ],
  })
  class Ports {}
  return Ports;
}

function ledgerOptions(
  owner: string,
  queue: QueueConfig,
  chain: ChainConfig,
  ...backend: BackendSettings
): LedgerOptions {
  const { queueName, deployedQueueName } = queue;
  return { queueName, deployedQueueName, chainId: chain.chainId, ...tokenContracts(...backend), owner };
}
