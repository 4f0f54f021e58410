// Rebuilds jobs and lanes from the chain. Exit code 1: discrepancies remain; 2: the command failed.
import '../ignore-inspector-signal.js';
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { formatError } from '../format-error.js';
import { runRebuildLedger } from './rebuild-ledger.runner.js';
import { eventPolicyOf, fromBlockOf } from './rebuild-ledger.options.js';
import { isIncomplete, formatRebuild } from './rebuild-ledger.formatter.js';
import { takeEnvironment } from '../take-environment.js';

Logger.overrideLogger(false);
try {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      'publish-missing': { type: 'boolean', default: false },
      'events-published': { type: 'boolean', default: false },
      'all-deployers': { type: 'boolean', default: false },
      'accept-chain-nonce': { type: 'boolean', default: false },
      'from-block': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    },
  });
  const report = await runRebuildLedger(takeEnvironment(), {
    dryRun: values['dry-run'],
    events: eventPolicyOf({ publish: values['publish-missing'], published: values['events-published'] }),
    allDeployers: values['all-deployers'],
    acceptChainNonce: values['accept-chain-nonce'],
    fromBlock: fromBlockOf(values['from-block']),
    onProgress: (block) => console.error(`done up to block ${block}`),
  });
  console.log(values.json ? JSON.stringify(report) : formatRebuild(report));
  process.exitCode = isIncomplete(report) ? 1 : 0;
} catch (error) {
  console.error(formatError(error));
  process.exitCode = 2;
}
