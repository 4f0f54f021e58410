import { Injectable, Logger } from '@nestjs/common';
import { MessageQueue } from '#core';
import type { QueueStatsDto } from './health.dto.js';
import { withTimeout } from './with-timeout.js';

const TIMEOUT_MS = 2000;

/** Reads the depths for whoever must not hang behind a dead Redis. */
@Injectable()
export class QueueStatsReader {
  private readonly logger = new Logger(QueueStatsReader.name);

  constructor(private readonly queue: MessageQueue) {}

  /** Null when Redis does not say within two seconds. */
  async read(): Promise<QueueStatsDto | null> {
    try {
      const { main, processing, deadLetter, delayed } = await withTimeout(this.queue.depths(), TIMEOUT_MS);
      return {
        main_queue: main.messages,
        processing: processing.messages,
        dead_letter: deadLetter.messages,
        delayed: delayed.messages,
      };
    } catch (error) {
      this.logger.warn({ event: 'queue.depths_unavailable', message: 'queue depths unavailable', error });
      return null;
    }
  }
}
