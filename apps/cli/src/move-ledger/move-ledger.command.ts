// Moves the queue to the chain and contract of the environment. Exit code 1: the queue cannot move; 2: the command
// failed.
import '../ignore-inspector-signal.js';
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { formatError } from '../format-error.js';
import { formatMove } from './move-ledger.formatter.js';
import { runMoveLedger } from './move-ledger.runner.js';
import { takeEnvironment } from '../take-environment.js';

Logger.overrideLogger(false);
try {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      'accept-second-tokens': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const report = await runMoveLedger(takeEnvironment(), {
    dryRun: values['dry-run'],
    acceptSecondTokens: values['accept-second-tokens'],
  });
  console.log(values.json ? JSON.stringify(report) : formatMove(report));
  process.exitCode = report.obstacles.length > 0 ? 1 : 0;
} catch (error) {
  console.error(formatError(error));
  process.exitCode = 2;
}
