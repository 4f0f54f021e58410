import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MessageQueue } from '#core';
import { Actor } from '../auth/operator.js';
import { OperatorActions } from '../auth/operator-action.js';
import { NoteBody } from '../http/note.js';

const MONTH_SECONDS = 30 * 86_400;

export class PauseBody extends NoteBody {
  /** The pause ends by itself after that time. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MONTH_SECONDS)
  ttl_seconds?: number;
}

/** Stops and starts the claiming of messages, on every replica. */
@Controller('queue')
export class PauseController {
  private readonly logger = new Logger(PauseController.name);

  constructor(
    private readonly queue: MessageQueue,
    private readonly actions: OperatorActions,
  ) {}

  @Post('pause')
  @HttpCode(200)
  async pause(@Body() { note, ttl_seconds }: PauseBody, @Actor() actor: string) {
    await this.queue.pause(this.actions.of(actor, note), ttl_seconds === undefined ? null : ttl_seconds * 1000);
    this.logger.warn({ message: 'queue paused', actor, note, ttl_seconds });
    return { paused: true, ttl_seconds: ttl_seconds ?? null };
  }

  @Post('resume')
  @HttpCode(200)
  async resume(@Body() { note }: NoteBody, @Actor() actor: string) {
    await this.queue.resume(this.actions.of(actor, note));
    this.logger.log({ message: 'queue resumed', actor, note });
    return { paused: false };
  }
}
