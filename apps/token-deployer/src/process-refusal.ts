import { Injectable, Logger } from '@nestjs/common';
import { ServiceRefusal } from '#core';

/** Ends the process at once: nothing has been claimed or signed before the checks passed. */
@Injectable()
export class ProcessRefusal extends ServiceRefusal {
  private readonly logger = new Logger(ProcessRefusal.name);

  override refuse(error: Error): void {
    this.logger.fatal({ message: 'the service refuses to run', error: error.message });
    process.exit(1);
  }
}
