import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { MessageQueue } from '#core';
import { Actor } from '../auth/operator.js';

export class PauseBody {
  /** Why: goes into the log. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

/** Stops and starts the claiming of messages, on every replica. */
@Controller('queue')
export class PauseController {
  private readonly logger = new Logger(PauseController.name);

  constructor(private readonly queue: MessageQueue) {}

  @Post('pause')
  @HttpCode(200)
  async pause(@Body() { note }: PauseBody, @Actor() actor: string) {
    await this.queue.pause();
    this.logger.warn({ message: 'queue paused', actor, note });
    return { paused: true };
  }

  @Post('resume')
  @HttpCode(200)
  async resume(@Body() { note }: PauseBody, @Actor() actor: string) {
    await this.queue.resume();
    this.logger.log({ message: 'queue resumed', actor, note });
    return { paused: false };
  }
}
