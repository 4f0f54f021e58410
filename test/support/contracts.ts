import { resolve } from 'node:path';
import { Child } from './child.js';

const DEPLOY = 'dist/apps/token-deployer/src/deploy-contracts.js';

/** Deploys the contracts by the command that production uses. @returns the factory's address */
export async function deployContracts(rpcUrl: string, privateKey: string): Promise<string> {
  let lastLine = '';
  const deployment = new Child(process.execPath, [resolve(DEPLOY), '--json'], {
    env: { PATH: process.env['PATH'], WEB3_PROVIDER_URL: rpcUrl, DEPLOYER_PRIVATE_KEY: privateKey, CHAIN_ID: '31337' },
    onLine: (line) => {
      lastLine = line;
    },
  });
  const code = await deployment.exit;
  if (code !== 0) throw new Error(`the contracts were not deployed (exit code ${code}):\n${deployment.output}`);
  return (JSON.parse(lastLine) as { factory: string }).factory;
}
