import type { Environment } from '#config';
import { Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import type { ChainReplica } from './chain-replica.js';
import { TokenManagerContracts } from './token-manager-contracts.js';
import { RedisServer } from '../redis/redis-server.js';
import { ReplicaHarness } from './replica-harness.js';
import { RpcProxy } from '../rpc/rpc-proxy.js';
import { until } from '../until.js';

const [ADMIN, DEPLOYER] = ANVIL_ACCOUNTS;
const BLOCK_GAS = 60_000_000;
/** Before the model ids of every test. */
export const FIRST_MODEL = '1';

/** A chain with stand-ins for Hokusai's contracts. */
export class TokenManagerHarness extends ReplicaHarness {
  readonly admin = ADMIN;
  /** Of the test at work; `reset` deploys others. */
  contracts!: TokenManagerContracts;

  static async start(anvilArgs: readonly string[] = []): Promise<TokenManagerHarness> {
    const [anvil, redis] = await Promise.all([
      Anvil.start(['--gas-limit', String(BLOCK_GAS), ...anvilArgs]),
      RedisServer.start(),
    ]);
    return new TokenManagerHarness(anvil, redis, await RpcProxy.start(anvil.url));
  }

  /** Before a test: contracts and a ledger of its own. @param owner of the registry */
  async deployContracts(owner: string = DEPLOYER.address): Promise<void> {
    this.contracts = await TokenManagerContracts.deploy(this.anvil, owner);
  }

  override async reset(): Promise<void> {
    await super.reset();
    this.contracts.close();
    await this.setBlockGasLimit(BLOCK_GAS);
  }

  /** Mines a block. @param limit of this and those to come */
  async setBlockGasLimit(limit: number): Promise<void> {
    await this.anvil.request('evm_setBlockGasLimit', [`0x${limit.toString(16)}`]);
    await this.mine();
  }

  /** Waits until the node's pool holds so many transactions. */
  async waitForMempool(count: number): Promise<void> {
    await until(`${count} transactions in the pool`, async () => {
      const { pending } = (await this.anvil.request('txpool_status')) as { pending: string };
      return Number(pending) === count;
    });
  }

  /** Deploys a first token of the ledger. Before, a replica signs one deployment at a time. */
  async deployFirst(replica: ChainReplica): Promise<void> {
    await replica.submit(FIRST_MODEL);
    await until('the first token', async () => {
      await this.mine();
      // The ledger has the result before the replica sees it.
      return replica.results.results.some(({ kind }) => kind === 'deployed');
    });
    this.proxy.calls.length = 0;
  }

  protected override get environment(): Environment {
    return this.contracts.environment;
  }
}
