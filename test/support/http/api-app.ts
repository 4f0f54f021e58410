import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Express } from 'express';
import {
  AuditTrail,
  DeadLetters,
  SignerAccounts,
  DeploymentJobs,
  HoldRegistry,
  IdempotencyKeys,
  LaneJournal,
  MessageQueue,
  TokenLookup,
  ReplayRuns,
  ServiceState,
  SpendLedger,
  SpendRegistry,
} from '#core';
import {
  HardenedExpressAdapter,
  configureHttp,
  ConsoleSettings,
  DependencyProbes,
  type ListenerLimits,
  ApiModule,
  ApiSettings,
  RequestRate,
} from '#api';
import { JsonLogger, Metrics, RequestContext, TelemetryModule } from '#telemetry';
import { FakeAuditTrail } from '../fakes/fake-audit-trail.js';
import { FakeDeadLetters } from '../fakes/fake-dead-letters.js';
import { FakeDeploymentJobs } from '../fakes/fake-deployment-jobs.js';
import { FakeIdempotencyKeys } from '../fakes/fake-idempotency-keys.js';
import { FakeLaneJournal } from '../fakes/fake-lane-journal.js';
import { FakeMessageQueue } from '../fakes/fake-message-queue.js';
import { FakeTokenLookup } from '../fakes/fake-token-lookup.js';
import { FakeDependencyProbe } from '../fakes/fake-dependency-probe.js';
import { FakeReplayRuns } from '../fakes/fake-replay-runs.js';
import { FakeSpendLedger } from '../fakes/fake-spend-ledger.js';

export const OPERATE_TOKEN = 'operate-canary-0123456789';
export const READ_TOKEN = 'read-canary-0123456789';
/** With scope policy and the id `keeper`, in a list of its own unless a test has one. */
export const POLICY_TOKEN = 'policy-canary-0123456789';

/** The account that it deploys with. */
export const LANE = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

interface Tokens {
  readonly operateToken: string | null;
  readonly readToken: string | null;
  /** Path of the file with further tokens. */
  readonly tokenList?: string;
  readonly tokenListPollMs?: number;
}

interface PortOverrides {
  readonly deadLetters?: DeadLetters;
  readonly replays?: ReplayRuns;
  readonly audit?: AuditTrail;
  readonly keys?: IdempotencyKeys;
  readonly bounds?: ListenerLimits;
  readonly trustedProxies?: readonly string[];
}

/** The HTTP side of the service, configured as in production, over ports that a test controls. */
export class ApiApp {
  readonly queue = new FakeMessageQueue();
  readonly deadLetters = new FakeDeadLetters();
  readonly jobs = new FakeDeploymentJobs();
  readonly tokens = new FakeTokenLookup();
  readonly audit = new FakeAuditTrail();
  readonly keys = new FakeIdempotencyKeys();
  readonly replays = new FakeReplayRuns(this.deadLetters);
  readonly lanes = new FakeLaneJournal();
  readonly spending = new FakeSpendLedger();
  readonly spendRegistry = new SpendRegistry({
    spendPerHour: 10n ** 18n,
    spendPerDay: null,
    gasPerToken: null,
    tokensPerHour: 1_000n,
    maxFeePerGas: 200n * 10n ** 9n,
    maxPriorityFeePerGas: 2n * 10n ** 9n,
  });
  readonly holds = new HoldRegistry();
  readonly state = new ServiceState();
  readonly redis = new FakeDependencyProbe('redis', true);
  readonly rpc = new FakeDependencyProbe('rpc', false);
  /** What it logged. */
  readonly lines: string[] = [];
  private app: NestExpressApplication | null = null;
  private folder: string | null = null;

  /** @param instead real adapters, under the names of their ports */
  constructor(private readonly instead: PortOverrides = {}) {}

  async start(tokens: Tokens = { operateToken: OPERATE_TOKEN, readToken: READ_TOKEN }): Promise<this> {
    const ownsList = tokens.operateToken !== null && tokens.tokenList === undefined;
    const listed = ownsList
      ? { ...tokens, tokenList: await this.writeTokenList() }
      : { ...tokens, tokenListPollMs: 10 };
    const module = await Test.createTestingModule({
      imports: [telemetry(), ApiModule.register({ imports: [this.ports()], providers: this.settings(listed) })],
    }).compile();
    const app = module.createNestApplication<NestExpressApplication>(new HardenedExpressAdapter(this.instead.bounds));
    const log = { level: 'debug', secrets: [OPERATE_TOKEN, READ_TOKEN] } as const;
    app.useLogger(new JsonLogger(log, app.get(RequestContext), (line) => this.lines.push(line)));
    configureHttp(app);
    const { headersTimeout, requestTimeout } = this.instead.bounds ?? app.getHttpServer();
    Object.assign(app.getHttpServer(), { headersTimeout, requestTimeout });
    await app.listen(0, '127.0.0.1');
    this.app = app;
    return this;
  }

  async stop(): Promise<void> {
    await this.app?.close();
    if (this.folder !== null) await rm(this.folder, { recursive: true });
    this.folder = null;
  }

  get metrics(): Metrics {
    if (this.app === null) throw new Error('not started');
    return this.app.get(Metrics);
  }

  /** Counts as many requests of a token as it may make in a minute. */
  exhaustRate(tokenId: string): void {
    if (this.app === null) throw new Error('not started');
    const rate = this.app.get(RequestRate, { strict: false });
    let waitMs = 0;
    while (waitMs === 0) waitMs = rate.count(tokenId, false);
  }

  /** Every route of the router itself. */
  get routes(): readonly { readonly method: 'get' | 'post' | 'put' | 'delete'; readonly path: string }[] {
    if (this.app === null) throw new Error('not started');
    const express: Express = this.app.getHttpAdapter().getInstance();
    return express.router.stack.flatMap(({ route }) =>
      (['get', 'post', 'put', 'delete'] as const)
        .filter((method) => route?.stack.some((layer) => layer.method === method))
        .map((method) => ({ method, path: route?.path ?? '' })),
    );
  }

  async url(): Promise<string> {
    if (this.app === null) throw new Error('not started');
    return await this.app.getUrl();
  }

  private async writeTokenList(): Promise<string> {
    this.folder = await mkdtemp(join(tmpdir(), 'api-app-'));
    const digest = createHash('sha256').update(POLICY_TOKEN).digest('hex');
    await writeFile(join(this.folder, 'tokens'), `keeper policy never ${digest}\n`);
    return join(this.folder, 'tokens');
  }

  private ports() {
    const providers = [
      { provide: MessageQueue, useValue: this.queue },
      { provide: DeadLetters, useValue: this.instead.deadLetters ?? this.deadLetters },
      { provide: ReplayRuns, useValue: this.instead.replays ?? this.replays },
      { provide: AuditTrail, useValue: this.instead.audit ?? this.audit },
      { provide: IdempotencyKeys, useValue: this.instead.keys ?? this.keys },
      { provide: DeploymentJobs, useValue: this.jobs },
      { provide: TokenLookup, useValue: this.tokens },
      { provide: LaneJournal, useValue: this.lanes },
      { provide: SignerAccounts, useValue: { addresses: [LANE] } },
      { provide: SpendLedger, useValue: this.spending },
      { provide: SpendRegistry, useValue: this.spendRegistry },
      { provide: HoldRegistry, useValue: this.holds },
      { provide: ServiceState, useValue: this.state },
    ];
    return { module: Ports, providers, exports: providers.map(({ provide }) => provide) };
  }

  private settings(tokens: Tokens) {
    return [
      {
        provide: ApiSettings,
        useValue: new ApiSettings({
          ...tokens,
          serviceName: 'token-deployer',
          version: '1.2.3',
          replayTakeoverMs: 20,
          trustedProxies: this.instead.trustedProxies ?? [],
        }),
      },
      {
        provide: ConsoleSettings,
        useValue: new ConsoleSettings({
          chainId: 31_337,
          networkName: 'local',
          explorerUrl: 'https://explorer.example',
        }),
      },
      { provide: DependencyProbes, useValue: new DependencyProbes([this.redis, this.rpc]) },
    ];
  }
}

@Module({})
class Ports {}

function telemetry() {
  return TelemetryModule.forRootAsync({
    useFactory: () => ({
      log: { level: 'log', secrets: [] },
      labels: { deadLetterReasons: [], holdReasons: [], version: '1.2.3' },
    }),
  });
}
