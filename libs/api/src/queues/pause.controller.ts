import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { MessageQueue } from '#core';
import { Actor, OperatorActions } from '../auth/operator.js';
import { NoteDto } from '../common/note.dto.js';
import { PauseDto } from './pause.dto.js';
import { PausedDto, ResumedDto } from './queues.dto.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

const NO_END = 'the pause has no end: it lasts until POST /queue/resume; set ttl_seconds to limit it';

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
  @ApiOperation({ operationId: 'pauseQueue', summary: 'Stops claiming, on every replica' })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'nothing more is claimed', type: PausedDto })
  async pause(@Body() { note, ttl_seconds }: PauseDto, @Actor() actor: string): Promise<PausedDto> {
    await this.queue.pause(await this.actions.of(actor, note), ttl_seconds === undefined ? null : ttl_seconds * 1000);
    this.logger.warn({ event: 'queue.paused', message: 'queue paused', actor, note, ttl_seconds });
    const end = ttl_seconds === undefined ? NO_END : `the pause ends by itself after ${ttl_seconds} seconds`;
    return { paused: true, ttl_seconds: ttl_seconds ?? null, detail: end };
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resumeQueue', summary: 'Starts claiming again, on every replica' })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'messages are claimed', type: ResumedDto })
  async resume(@Body() { note }: NoteDto, @Actor() actor: string): Promise<ResumedDto> {
    await this.queue.resume(await this.actions.of(actor, note));
    this.logger.log({ event: 'queue.resumed', message: 'queue resumed', actor, note });
    return { paused: false };
  }
}
