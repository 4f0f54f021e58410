import { Injectable, Logger } from '@nestjs/common';
import { MessageQueue } from '#core';
import type { QueueStatsDto } from './health.dto.js';
import { withTimeout } from './with-timeout.js';

const TIMEOUT_MS = 2000;

/** Reads the queue depths with a timeout, so that health answers while Redis hangs. */
@Injectable()
export class QueueStatsReader {
  private readonly logger = new Logger(QueueStatsReader.name);
  private reading: Promise<QueueStatsDto | null> | null = null;

  constructor(private readonly queue: MessageQueue) {}

  /** Returns null when Redis does not answer within two seconds. Requests at the same time share one answer. */
  async read(): Promise<QueueStatsDto | null> {
    this.reading ??= this.ask().finally(() => {
      this.reading = null;
    });
    return await this.reading;
  }

  private async ask(): Promise<QueueStatsDto | null> {
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
