import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { MessageQueue } from '#core';
import { Actor } from '../auth/operator.decorator.js';
import { OperatorActions } from '../auth/operator-actions.service.js';
import { Whole } from '../common/fields.decorator.js';
import { NoteDto } from '../common/note.dto.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.decorator.js';
import { PausedDto, ResumedDto } from './queues.dto.js';

const MONTH_SECONDS = 30 * 86_400;

export class PauseDto extends NoteDto {
  @Whole({ min: 1, max: MONTH_SECONDS }, null, 'the pause ends by itself after that time')
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
  @Operation('pauseQueue', 'Stops claiming, on every replica', OUTAGES)
  @Answers(200, 'nothing more is claimed', PausedDto)
  async pause(@Body() { note, ttl_seconds }: PauseDto, @Actor() actor: string): Promise<PausedDto> {
    await this.queue.pause(this.actions.of(actor, note), ttl_seconds === undefined ? null : ttl_seconds * 1000);
    this.logger.warn({ message: 'queue paused', actor, note, ttl_seconds });
    return { paused: true, ttl_seconds: ttl_seconds ?? null };
  }

  @Post('resume')
  @HttpCode(200)
  @Operation('resumeQueue', 'Starts claiming again, on every replica', OUTAGES)
  @Answers(200, 'messages are claimed', ResumedDto)
  async resume(@Body() { note }: NoteDto, @Actor() actor: string): Promise<ResumedDto> {
    await this.queue.resume(this.actions.of(actor, note));
    this.logger.log({ message: 'queue resumed', actor, note });
    return { paused: false };
  }
}
