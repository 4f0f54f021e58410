import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvmNode } from '../support/chain/evm-node.js';
import { createServerLocation, type ServerLocation } from '../support/process/local-server.js';
import { freePort } from '../support/network/free-port.js';
import { TestProcess } from '../support/process/test-process.js';

/** The account that `geth --dev` funds: its key is public. */
export const GETH_DEVELOPER = {
  address: '0x71562b71999873DB5b286dF957af199Ec94617F7',
  privateKey: '0xb71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291',
} as const;

/** Chain id of `geth --dev`. */
export const GETH_CHAIN_ID = '1337';

/** Forks up to London, each active from the first block. */
const BLOCK_FORKS = 'homestead eip150 eip155 eip158 byzantium constantinople petersburg istanbul berlin london'.split(
  ' ',
);

/** A chain before Cancun that `geth --dev` continues: merged, with Shanghai. */
const SHANGHAI_GENESIS = {
  config: {
    chainId: Number(GETH_CHAIN_ID),
    ...Object.fromEntries(BLOCK_FORKS.map((fork) => [`${fork}Block`, 0])),
    terminalTotalDifficulty: 0,
    shanghaiTime: 0,
  },
  difficulty: '0x0',
  gasLimit: '0x1c9c380',
  alloc: { [GETH_DEVELOPER.address]: { balance: '0x3635c9adc5dea00000' } },
};

/** go-ethereum with a chain of its own and a block a second. `GETH` names the program. */
export class GethNode extends EvmNode {
  /** @param flags such as `['--rpc.txfeecap', '0.01']` */
  static async start(flags: readonly string[] = []): Promise<GethNode> {
    return await GethNode.startIn(await createServerLocation('geth'), flags);
  }

  static async startBeforeCancun(): Promise<GethNode> {
    const place = await createServerLocation('geth');
    const genesis = join(place.folder, 'genesis.json');
    await writeFile(genesis, JSON.stringify(SHANGHAI_GENESIS));
    const exit = await gethProcess(place, ['init', genesis]).exit;
    if (exit !== 0) throw new Error(`geth init ended with ${exit}`);
    return await GethNode.startIn(place, []);
  }

  private static async startIn(place: ServerLocation, flags: readonly string[]): Promise<GethNode> {
    const authPort = String(await freePort());
    const launch = (at: ServerLocation): TestProcess => spawnGeth(at, [...flags, '--authrpc.port', authPort]);
    const node = new GethNode('geth', place, launch);
    await node.waitUntilReady();
    return node;
  }
}

function spawnGeth(place: ServerLocation, flags: readonly string[]): TestProcess {
  const own = ['--dev', '--dev.period', '1', '--port', '0', '--nodiscover', '--ipcdisable'];
  const http = ['--http', '--http.port', String(place.port), '--http.api', 'eth,net,web3,debug,txpool'];
  return gethProcess(place, [...own, ...http, ...flags]);
}

function gethProcess({ folder }: ServerLocation, args: readonly string[]): TestProcess {
  const program = process.env['GETH'];
  if (program === undefined) throw new Error('GETH must name a geth program: npm run test:nodes builds one');
  return new TestProcess(program, ['--datadir', folder, ...args], { env: { ...process.env, HOME: folder } });
}
