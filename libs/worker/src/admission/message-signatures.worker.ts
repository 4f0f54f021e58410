import { readFile } from 'node:fs/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ContentWatcher, type DeadLetterReason, MessageRejectedError, StartupError, unixNow } from '#core';
import {
  ANYONE,
  InvalidMessageKeysError,
  type MessageKeys,
  type ParsedMessage,
  parseMessageKeys,
  type Sender,
  type SignedMessage,
  verifySignature,
} from '#messages';
import { Metrics } from '#telemetry';
import { WorkerSettings } from '../worker-settings.js';

const POLL_MS = 1_000;
const UNKNOWN = 'unknown';

/**
 * Verifies the signatures of messages with the keys of the file that MESSAGE_KEYS_FILE names, read again when it changes. A
 * missing or invalid file changes nothing after the start, and stops the start.
 */
@Injectable()
export class MessageSignatures implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(MessageSignatures.name);
  private readonly watcher = new ContentWatcher(
    () => this.content(),
    (content) => this.load(content),
    POLL_MS,
  );
  private keys: MessageKeys | null = null;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly metrics: Metrics,
  ) {}

  /** @throws StartupError for a missing or invalid file */
  async onModuleInit(): Promise<void> {
    this.metrics.messageKeysValid.set(1);
    if (this.settings.messageSignatures !== 'off') await this.watcher.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watcher.stop();
  }

  /** @throws MessageRejectedError with MESSAGE_SIGNATURES=require */
  readonly identify = (signed: SignedMessage | null): Sender => {
    if (this.settings.messageSignatures === 'off') return ANYONE;
    try {
      return { producer: verifySignature(signed, this.keys ?? new Map(), unixNow()), problem: null };
    } catch (problem) {
      if (!(problem instanceof MessageRejectedError) || this.settings.messageSignatures === 'require') throw problem;
      return { producer: null, problem };
    }
  };

  /** Counts an admitted message once, and warns of a signature that `require` would reject. */
  count({ sender: { producer, problem }, request }: Pick<ParsedMessage, 'sender' | 'request'>): void {
    if (producer !== null) this.metrics.messageSignaturesTotal.inc({ producer: producer.name, result: 'verified' });
    if (problem === null) return;
    this.countRejected(problem.reason);
    this.logger.warn({
      event: 'message.signature_not_verified',
      message: 'signature of a message not verified',
      reason: problem.reason,
      error: problem.message,
      message_id: request.messageId,
      model_id: request.record.modelId,
    });
  }

  countRejected(reason: DeadLetterReason): void {
    if (reason === 'unsigned' || reason === 'bad_signature')
      this.metrics.messageSignaturesTotal.inc({ producer: UNKNOWN, result: reason });
  }

  /** Null when the file cannot be read. */
  private async content(): Promise<string | null> {
    try {
      return await readFile(this.settings.messageKeysFile ?? '', 'utf8');
    } catch {
      return null;
    }
  }

  private load(content: string | null): void {
    try {
      if (content === null) throw new InvalidMessageKeysError('the file must be readable');
      this.keys = parseMessageKeys(content);
      this.metrics.messageKeysValid.set(1);
      this.initializeMetrics(this.keys);
      this.logger.log({ event: 'message_keys.loaded', message: 'message keys loaded', keys: this.keys.size });
    } catch (error) {
      if (!(error instanceof InvalidMessageKeysError)) throw error;
      if (this.keys === null) throw new StartupError(`MESSAGE_KEYS_FILE: ${error.message}`, { cause: error });
      this.metrics.messageKeysValid.set(0);
      this.logger.error({
        event: 'message_keys.invalid',
        message: 'invalid message keys, keeping the previous ones',
        expectation: error.message,
        kept: this.keys.size,
      });
    }
  }

  private initializeMetrics(keys: MessageKeys): void {
    const { messageSignaturesTotal } = this.metrics;
    for (const { producer } of keys.values())
      messageSignaturesTotal.inc({ producer: producer.name, result: 'verified' }, 0);
    for (const result of ['unsigned', 'bad_signature']) messageSignaturesTotal.inc({ producer: UNKNOWN, result }, 0);
  }
}
