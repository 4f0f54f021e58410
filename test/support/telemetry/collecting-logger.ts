import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** Keeps all there is of every line, error causes and stacks included. */
export class CollectingLogger implements LoggerService {
  readonly log = this.collect;
  readonly warn = this.collect;
  readonly error = this.collect;
  readonly debug = this.collect;
  readonly verbose = this.collect;
  readonly fatal = this.collect;

  constructor(private readonly lines: string[]) {}

  private collect(...parts: unknown[]): void {
    this.lines.push(inspect(parts, { depth: 20, showHidden: true, breakLength: Infinity }));
  }
}
