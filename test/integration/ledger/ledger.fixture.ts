import { createHash, randomBytes } from 'node:crypto';
import type {
  Attempt,
  ClaimedMessage,
  DeployedToken,
  DeploymentRequest,
  JobUpdate,
  LaneLease,
  SignedAttempt,
  Slot,
} from '#core';
import { ledgerKeys, type LedgerOptions, RedisDeploymentJobs, RedisLaneJournal } from '#ledger';
import { queueKeys } from '#queue';
import { RedisConnections } from '#redis';

export const LANE = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const CONTRACT = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

/** One replica's view of a ledger in a Redis of its own, and hands to play the queue with. */
export class LedgerFixture {
  readonly options: LedgerOptions;
  readonly keys;
  readonly queue;
  readonly jobs: RedisDeploymentJobs;
  readonly journal: RedisLaneJournal;

  private constructor(
    readonly connections: RedisConnections,
    options: Partial<LedgerOptions>,
  ) {
    this.options = {
      queueName: 'ready',
      deployedQueueName: 'deployed',
      chainId: 31337,
      contract: CONTRACT,
      owner: 'replica-a',
      ...options,
    };
    this.keys = ledgerKeys(this.options);
    this.queue = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    this.jobs = new RedisDeploymentJobs(connections, this.options);
    this.journal = new RedisLaneJournal(connections, this.options);
  }

  static async open(server: { readonly url: string }): Promise<LedgerFixture> {
    const connections = RedisConnections.open({ url: server.url, connectTimeoutMs: 1_000, commandTimeoutMs: 2_000 });
    const fixture = new LedgerFixture(connections, {});
    await new Promise((resolve) => connections.commands.once('ready', resolve));
    // The first script of a connection proves its permissions, with a reply of its own.
    await fixture.journal.release({ lane: LANE, epoch: 0 });
    await fixture.redis.flushall();
    return fixture;
  }

  /** The same Redis seen with other options: another replica, chain, … */
  sibling(options: Partial<LedgerOptions>): LedgerFixture {
    return new LedgerFixture(this.connections, { ...this.options, ...options });
  }

  get redis() {
    return this.connections.commands;
  }

  close(): void {
    this.connections.close();
  }

  /** Puts a message into processing, as a claim does. */
  async claimed(bytes: string, counters: Partial<ClaimedMessage> = {}): Promise<ClaimedMessage> {
    const message = claimedMessage(bytes, counters);
    const { deliveries, attempts, replays, firstSeenAt } = message;
    await this.redis.lpush(this.queue.processing, bytes);
    await this.redis.zadd(this.queue.leases, Date.now() + 60_000, message.lease);
    await this.redis.hset(this.queue.inflight, message.lease, bytes);
    await this.redis.hset(
      this.queue.meta,
      message.digest,
      [deliveries, attempts, replays, firstSeenAt, firstSeenAt].join(' '),
    );
    if (message.stalls > 0) await this.redis.hset(this.queue.stalls, message.digest, String(message.stalls));
    return message;
  }

  /** Takes a message's lease away, as a sweep does when it ran out. False when the message was settled before. */
  async fence(message: ClaimedMessage): Promise<boolean> {
    await this.redis.zrem(this.queue.leases, message.lease);
    return (await this.redis.hdel(this.queue.inflight, message.lease)) === 1;
  }

  async admit(...requests: readonly DeploymentRequest[]): Promise<readonly ClaimedMessage[]> {
    const messages = await Promise.all(requests.map((wanted) => this.claimed(`message of ${wanted.record.modelId}`)));
    await this.jobs.admit(requests.map((wanted, i) => ({ request: wanted, message: messages[i] as ClaimedMessage })));
    return messages;
  }

  /** A lane taken, with the next nonce set. */
  async lane(nextNonce = 7): Promise<LaneLease> {
    const lease = (await this.journal.acquire(LANE, 60_000)) as LaneLease;
    await this.journal.resetNonce(lease, nextNonce);
    return lease;
  }

  /** Models admitted and in a journalled slot at nonce 7. */
  async submitted(...modelIds: readonly string[]) {
    const messages = await this.admit(...modelIds.map((modelId) => request(modelId)));
    const lease = await this.lane();
    await this.journal.commit(lease, slot({ modelIds }));
    return { lease, nonce: 7, messages };
  }

  async states(...modelIds: readonly string[]): Promise<readonly (string | undefined)[]> {
    return Promise.all(modelIds.map(async (modelId) => (await this.jobs.find(modelId))?.state));
  }

  processing(): Promise<string[]> {
    return this.redis.lrange(this.queue.processing, 0, -1);
  }

  events(): Promise<string[]> {
    return this.redis.lrange(this.options.deployedQueueName, 0, -1);
  }

  /** Everything in Redis, for "nothing was written". */
  async contents(): Promise<Readonly<Record<string, unknown>>> {
    const keys = (await this.redis.keys('*')).toSorted();
    const contents: Record<string, unknown> = {};
    for (const key of keys) contents[key] = await this.content(key);
    return contents;
  }

  private async content(key: string): Promise<unknown> {
    switch (await this.redis.type(key)) {
      case 'hash':
        return await this.redis.hgetall(key);
      case 'zset':
        return await this.redis.zrange(key, '0', '-1', 'WITHSCORES');
      case 'set':
        return (await this.redis.smembers(key)).toSorted();
      default:
        return await this.redis.lrange(key, 0, -1);
    }
  }
}

function claimedMessage(bytes: string, counters: Partial<ClaimedMessage>): ClaimedMessage {
  return {
    lease: randomBytes(8).toString('hex'),
    bytes: Buffer.from(bytes),
    digest: createHash('sha1').update(bytes).digest('hex'),
    attempts: 0,
    deliveries: 1,
    stalls: 0,
    replays: 0,
    firstSeenAt: 1_790_000_000_000,
    ...counters,
  };
}

export function request(modelId: string, record: Partial<DeploymentRequest['record']> = {}): DeploymentRequest {
  return {
    messageId: `message-of-${modelId}`,
    record: {
      modelId,
      tokenSymbol: 'MSG-AI',
      metricName: 'accuracy',
      baselineValue: -850_000_000_000_000_000n,
      currentValue: 910_000_000_000_000_000n,
      contributor: '0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb0',
      ...record,
    },
    modelName: 'Modèle « 一 »',
    modelVersion: '1',
    mlflowRunId: null,
    improvementPercentage: 7.25,
    supplierRecipient: null,
    producer: null,
    warnings: [],
  };
}

export function attempt(hash = '0xaa', changes: Partial<Attempt> = {}): Attempt {
  return {
    hash,
    raw: `0x02${hash.slice(2)}`,
    gasLimit: 120_000n,
    maxFeePerGas: 30_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signedAt: 1_790_000_000_123,
    ...changes,
  };
}

/** What the jobs keep of an attempt. */
export function kept({ hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt }: Attempt): SignedAttempt {
  return { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt };
}

export function slot(changes: Partial<Slot> = {}): Slot {
  return { nonce: 7, modelIds: ['model-1'], attempts: [attempt()], ...changes };
}

export function token(): DeployedToken {
  return {
    tokenAddress: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    transactionHash: '0xaa',
    registryTransactionHash: '0xaa',
    registration: null,
    blockNumber: 20_000_000,
    blockTimestamp: 1_790_000_100,
    gasUsed: 75_000n,
    gasPrice: 12_345_678_901_234_567_890n,
    deployerAddress: LANE,
  };
}

export function deployed(modelId: string): JobUpdate {
  return { kind: 'deployed', modelId, token: token(), eventId: `event-${modelId}`, event: `{"model":"${modelId}"}` };
}

export function unregistered(modelId: string): JobUpdate {
  const registration = { to: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', calldata: '0x0123' };
  const left = { ...token(), registryTransactionHash: null, registration };
  return { kind: 'unregistered', modelId, token: left, eventId: 'event-1', event: '{"unregistered":1}' };
}

export function failed(modelId: string): JobUpdate {
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error: 'InvalidSymbol()' };
}
