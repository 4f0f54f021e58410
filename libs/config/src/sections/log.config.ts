import { Env } from '../env/env.decorator.js';
import { oneOf } from '../env/env-parser.js';
import { ConfigBase } from '../env/config-base.js';

/** Nest's log levels, the most talkative first. */
export type LogLevelName = 'verbose' | 'debug' | 'log' | 'warn' | 'error' | 'fatal';

/** What the platform's Python services call the levels, and what Nest calls them. */
const LEVELS: Readonly<Record<string, LogLevelName>> = {
  DEBUG: 'debug',
  INFO: 'log',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
  verbose: 'verbose',
  log: 'log',
  warn: 'warn',
  fatal: 'fatal',
};

export class LogConfig extends ConfigBase {
  @Env('LOG_LEVEL', {
    format: oneOf(LEVELS),
    default: 'info',
    description: "Minimum log level, by Python's or Nest's name.",
  })
  readonly level!: LogLevelName;
}
