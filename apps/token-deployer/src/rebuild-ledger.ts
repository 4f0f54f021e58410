// Rebuilds jobs and lanes from the chain. Exit code 1: something disagrees that it must not change; 2: it could not be done.
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { commandFailure } from './command-failure.js';
import { rebuildDeployment } from './ledger-rebuild.js';
import { eventPolicyOf, fromBlockOf } from './rebuild-arguments.js';
import { isIncomplete, rebuildText } from './rebuild-text.js';

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
  const report = await rebuildDeployment(process.env, {
    dryRun: values['dry-run'],
    events: eventPolicyOf({ publish: values['publish-missing'], published: values['events-published'] }),
    allDeployers: values['all-deployers'],
    acceptChainNonce: values['accept-chain-nonce'],
    fromBlock: fromBlockOf(values['from-block']),
    onProgress: (block) => console.error(`done up to block ${block}`),
  });
  console.log(values.json ? JSON.stringify(report) : rebuildText(report));
  process.exitCode = isIncomplete(report) ? 1 : 0;
} catch (error) {
  console.error(commandFailure(error));
  process.exitCode = 2;
}
