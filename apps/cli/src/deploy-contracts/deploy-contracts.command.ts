// Deploys the contracts to one chain and grants the deployer roles. Idempotent.
import 'reflect-metadata';
import { deployContracts, formatSummary } from './deploy-contracts.runner.js';

try {
  const deployment = await deployContracts(process.env);
  for (const line of formatSummary(deployment)) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(deployment.addresses));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'the contracts could not be deployed');
  process.exitCode = 1;
}
