// Compares jobs, queue, lanes, events and chain. Writes nothing. Exit code 1: discrepancies found; 2: the command
// failed.
import '../ignore-inspector-signal.js';
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { formatReport } from './verify-ledger.formatter.js';
import { formatError } from '../format-error.js';
import { runVerifyLedger } from './verify-ledger.runner.js';
import { takeEnvironment } from '../take-environment.js';

Logger.overrideLogger(false);
try {
  const { values } = parseArgs({
    options: {
      quiescent: { type: 'boolean', default: false },
      'events-kept': { type: 'boolean', default: false },
      'distinct-messages': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const report = await runVerifyLedger(takeEnvironment(), {
    quiescent: values.quiescent,
    eventsKept: values['events-kept'],
    distinctMessages: values['distinct-messages'],
  });
  console.log(values.json ? JSON.stringify(report) : formatReport(report));
  process.exitCode = report.disagreements.length > 0 ? 1 : 0;
} catch (error) {
  console.error(formatError(error));
  process.exitCode = 2;
}
