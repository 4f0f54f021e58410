import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { FlatMessage, MessageEnvelope, ModelReadyToDeployPayload } from './message.js';
import { type SigningKey, signMessage } from './signature.js';
import { MessageChecker, type ServiceSettings } from './verdict.js';

export interface ProducerOptions extends ServiceSettings {
  /** QUEUE_NAME of the service. */
  readonly queue?: string;
  /** Key of the service's MESSAGE_KEYS_FILE that signs every message. Default: none. */
  readonly key?: SigningKey;
  /** Replicas of Redis that must have the message. Default: 0. */
  readonly replicas?: number;
  /** Maximum time that they get, in milliseconds. */
  readonly replicationTimeoutMs?: number;
}

/** The service would refuse the message. It was not pushed. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

/** The message is in the queue, but not on enough replicas. Pushing it again makes no second token. */
export class NotReplicatedError extends Error {
  override readonly name = 'NotReplicatedError';
}

/** Puts a payload into an envelope with an id and the time. */
export function envelopeOf(payload: ModelReadyToDeployPayload): MessageEnvelope {
  return {
    message_id: randomUUID(),
    message_type: 'model_ready_to_deploy',
    payload,
    timestamp: new Date().toISOString(),
    retry_count: 0,
    max_retries: 3,
  };
}

/** Pushes messages to the queue, each only if the service is going to accept it. */
export class TokenProducer {
  private readonly checker: MessageChecker;
  private readonly queue: string;
  private readonly key: SigningKey | undefined;
  private readonly replicas: number;
  private readonly replicationTimeoutMs: number;

  constructor(
    private readonly redis: Redis,
    {
      queue = 'hokusai:model_ready_queue',
      key,
      replicas = 0,
      replicationTimeoutMs = 1_000,
      ...settings
    }: ProducerOptions = {},
  ) {
    this.checker = new MessageChecker(settings);
    this.queue = queue;
    this.key = key;
    this.replicas = replicas;
    this.replicationTimeoutMs = replicationTimeoutMs;
  }

  /**
   * @throws MessageRefusedError before anything is pushed
   * @throws NotReplicatedError when fewer than `replicas` confirm the message in time
   */
  async push(message: MessageEnvelope | FlatMessage): Promise<void> {
    const text = JSON.stringify(message);
    const pushed = this.key === undefined ? text : JSON.stringify(signMessage(text, this.key));
    const verdict = this.checker.check(Buffer.from(text), Buffer.byteLength(pushed));
    if (!verdict.accepted) throw new MessageRefusedError(verdict.problem);
    if ((await this.send(pushed)) >= this.replicas) return;
    throw new NotReplicatedError(
      `Fewer than ${this.replicas} replicas confirmed the message within ${this.replicationTimeoutMs} ms. ` +
        'It is in the queue; push it again if Redis fails over.',
    );
  }

  /** @returns how many replicas have the message */
  private async send(text: string): Promise<number> {
    const pushing = this.redis.pipeline().lpush(this.queue, text);
    // In one pipeline: WAIT counts the writes of its own connection.
    if (this.replicas > 0) pushing.wait(this.replicas, this.replicationTimeoutMs);
    const replies = (await pushing.exec()) ?? [];
    const error = replies.find(([failed]) => failed !== null)?.[0] ?? null;
    if (error !== null) throw error;
    return this.replicas === 0 ? 0 : Number(replies.at(-1)?.[1]);
  }
}
