// Deploys the contracts to one chain and grants the deployer roles. Idempotent; with --without-proxy only where
// FACTORY_ADDRESS names what an earlier run created.
import '../ignore-inspector-signal.js';
import 'reflect-metadata';
import { deployContracts, formatSummary } from './deploy-contracts.runner.js';
import { takeEnvironment } from '../take-environment.js';

try {
  const deployment = await deployContracts(takeEnvironment(), {
    withoutProxy: process.argv.includes('--without-proxy'),
  });
  for (const line of formatSummary(deployment)) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(deployment.addresses));
} catch (error) {
  const reason = error instanceof Error ? error.message : 'the contracts could not be deployed';
  // A node chooses its words, and a terminal obeys control characters.
  console.error(reason.replaceAll(/[^\P{C}\n]/gu, '\u{FFFD}'));
  process.exitCode = 1;
}
