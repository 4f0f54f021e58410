import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvmNode } from '../support/chain/evm-node.js';
import { createServerLocation, type ServerLocation } from '../support/process/local-server.js';
import { TestProcess } from '../support/process/test-process.js';

/** Settings of the chain: `mining`, `hardfork`, `allowBlocksWithSameTimestamp` … of the network `hardhat`. */
export type HardhatSettings = Readonly<Record<string, unknown>>;

/** A block a second; transactions wait for it in the order of their fees. */
const BLOCK_A_SECOND: HardhatSettings = { mining: { auto: false, interval: 1_000 } };

/** Hardhat's node (chain id 31337) with the accounts of anvil. `HARDHAT` names a folder with the npm package. */
export class HardhatNode extends EvmNode {
  static async start(settings: HardhatSettings = {}): Promise<HardhatNode> {
    const place = await createServerLocation('hardhat');
    const config = { solidity: '0.8.28', networks: { hardhat: { ...BLOCK_A_SECOND, ...settings } } };
    await writeFile(join(place.folder, 'hardhat.config.cjs'), `module.exports = ${JSON.stringify(config)};`);
    const node = new HardhatNode('hardhat', place, spawnHardhat);
    await node.waitUntilReady();
    return node;
  }
}

function spawnHardhat({ port, folder }: ServerLocation): TestProcess {
  const project = process.env['HARDHAT'];
  if (project === undefined) throw new Error('HARDHAT must name a folder with hardhat: npm run test:nodes makes one');
  const program = join(project, 'node_modules', 'hardhat', 'internal', 'cli', 'bootstrap.js');
  const config = ['--config', join(folder, 'hardhat.config.cjs')];
  const env = { ...process.env, HOME: folder, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' };
  // Hardhat runs only where its package is installed.
  return new TestProcess(process.execPath, [program, ...config, 'node', '--port', String(port)], { env, cwd: project });
}
