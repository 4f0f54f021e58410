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

/** go-ethereum with a chain of its own and a block a second. `GETH` names the program. */
export class GethNode extends EvmNode {
  /** @param flags such as `['--rpc.txfeecap', '0.01']` */
  static async start(flags: readonly string[] = []): Promise<GethNode> {
    const authPort = String(await freePort());
    const launch = (place: ServerLocation): TestProcess => spawnGeth(place, [...flags, '--authrpc.port', authPort]);
    const node = new GethNode('geth', await createServerLocation('geth'), launch);
    await node.waitUntilReady();
    return node;
  }
}

function spawnGeth({ port, folder }: ServerLocation, flags: readonly string[]): TestProcess {
  const program = process.env['GETH'];
  if (program === undefined) throw new Error('GETH must name a geth program: npm run test:nodes builds one');
  const own = ['--dev', '--dev.period', '1', '--datadir', folder, '--port', '0', '--nodiscover', '--ipcdisable'];
  const http = ['--http', '--http.port', String(port), '--http.api', 'eth,net,web3,debug,txpool'];
  return new TestProcess(program, [...own, ...http, ...flags], { env: { ...process.env, HOME: folder } });
}
