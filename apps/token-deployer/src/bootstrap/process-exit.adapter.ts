import { Injectable, Logger } from '@nestjs/common';
import { ProcessExit } from '#core';

/** Exits at once. Nothing is claimed or signed before the startup checks pass. */
@Injectable()
export class NodeProcessExit extends ProcessExit {
  private readonly logger = new Logger(NodeProcessExit.name);

  override exitWith(error: Error): void {
    this.logger.fatal({ event: 'startup.refused', message: 'startup check failed, exiting', error: error.message });
    process.exit(1);
  }
}
