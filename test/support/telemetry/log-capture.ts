import { Logger, type LoggerService } from '@nestjs/common';

export interface LogLine {
  readonly level: 'log' | 'warn' | 'error';
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Catches what is logged through Nest's Logger in this test file, one object each. */
export class LogCapture implements LoggerService {
  readonly lines: LogLine[] = [];

  capture(): void {
    Logger.overrideLogger(this);
  }

  withMessage(message: string): readonly LogLine[] {
    return this.lines.filter((line) => line.message === message);
  }

  log(fields: object): void {
    this.record('log', fields);
  }

  warn(fields: object): void {
    this.record('warn', fields);
  }

  error(fields: object): void {
    this.record('error', fields);
  }

  private record(level: LogLine['level'], fields: object): void {
    this.lines.push({ message: '', ...fields, level });
  }
}
