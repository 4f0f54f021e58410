import { Env } from './env.js';
import { oneOf } from './format.js';
import { Settings } from './settings.js';

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

export class LogConfig extends Settings {
  @Env('LOG_LEVEL', {
    format: oneOf(LEVELS),
    default: 'info',
    description: "Least level that is logged, by Python's name or by Nest's.",
  })
  readonly level!: LogLevelName;
}
