import type { LoggerService, LogLevel } from '@nestjs/common';
import { LogSanitizer } from './log-sanitizer.js';
import { Redactor } from './redactor.js';
import { RepeatLimiter } from './repeat-limiter.js';
import { REPLICA_ID } from './replica-id.js';
import type { RequestContext } from './request-context.js';

export interface JsonLoggerOptions {
  /** Least level that is written. */
  readonly level: LogLevel;
  /** Texts that no line may contain. */
  readonly secrets: readonly string[];
}

/** Nest's levels, the most talkative first, and how a line names them. */
const LEVELS: Readonly<Record<LogLevel, string>> = {
  verbose: 'verbose',
  debug: 'debug',
  log: 'info',
  warn: 'warning',
  error: 'error',
  fatal: 'critical',
};
const ORDER = Object.values(LEVELS);

/**
 * Characters that JSON leaves alone, and terminals, line readers or the reader's eye do not: controls, line separators, and
 * what has no width or turns the direction of writing (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Writes one line of JSON per event: timestamp, level, logger, message, during a request its id and the replica's, and the
 * fields of the logged object. A condition that lasts is written once a minute, with `repeated`. Never throws. Escapes
 * line breaks and removes configured secrets.
 */
export class JsonLogger implements LoggerService {
  private readonly sanitizer: LogSanitizer;
  private readonly repeats = new RepeatLimiter();
  private readonly minimumLevel: number;

  constructor(
    options: JsonLoggerOptions,
    private readonly requests: RequestContext,
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
  ) {
    this.minimumLevel = ORDER.indexOf(LEVELS[options.level]);
    this.sanitizer = new LogSanitizer(new Redactor(options.secrets), this.minimumLevel <= ORDER.indexOf(LEVELS.debug));
  }

  verbose(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.verbose, event, rest);
  }

  debug(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.debug, event, rest);
  }

  log(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.log, event, rest);
  }

  warn(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.warn, event, rest);
  }

  error(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.error, event, rest);
  }

  fatal(event: unknown, ...rest: unknown[]): void {
    this.line(LEVELS.fatal, event, rest);
  }

  /** @param rest what Nest's Logger adds: the name of the logger comes last; a stack before it is left out */
  private line(level: string, event: unknown, rest: readonly unknown[]): void {
    if (ORDER.indexOf(level) < this.minimumLevel) return;
    const timestamp = new Date().toISOString();
    try {
      const { message, ...fields } = this.fieldsOf(event);
      const repeated = this.repeats.admit(fields);
      if (repeated === null) return;
      const { requestId } = this.requests;
      const logger = rest.at(-1);
      const head = {
        timestamp,
        level,
        logger: typeof logger === 'string' ? this.sanitizer.text(logger) : undefined,
        message,
        request_id: requestId ?? undefined,
        replica: requestId === null ? undefined : REPLICA_ID,
        repeated: repeated === 0 ? undefined : repeated,
      };
      // Again at the end: no field may pass for another level, logger or request.
      this.write(serialized({ ...head, ...fields, ...head }));
    } catch {
      // A getter or a toJSON of the logged object threw: what it says cannot be known, and may hold a secret.
      this.write(serialized({ timestamp, level, message: 'a log event could not be written' }));
    }
  }

  private fieldsOf(event: unknown): Record<string, unknown> {
    if (event instanceof Error)
      return { message: this.sanitizer.text(event.message), error: this.sanitizer.value(event) };
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return this.sanitizer.fields(event);
    return { message: this.sanitizer.value(event) };
  }
}

function serialized(line: Record<string, unknown>): string {
  const json = JSON.stringify(line).replaceAll(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}
