import { keccak256, Wallet } from 'ethers';
import { Anvil, ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { RedisServer } from '../support/redis/redis-server.js';
import { until } from '../support/until.js';
import type { ContractSetup, Step } from './contract-setup.js';

const [ADMIN] = ANVIL_ACCOUNTS;
/** A block every second and one for each transaction; room for a dozen of the largest. */
const ANVIL_ARGS = ['--block-time', '1', '--mixed-mining', '--gas-limit', '60000000'];
const FUNDING = '0x3635c9adc5dea00000';

export interface EnvironmentOptions {
  /** EIP-55. The first is the one that may do everything. */
  readonly accounts: readonly string[];
  /** Whether another account owns the last step, where the contracts allow that. */
  readonly externalOwner: boolean;
}

/** One chain and one Redis, for many crews that have nothing to do with each other. */
export abstract class CrashEnvironment {
  /** Steps of a model's way on this site's contracts. */
  abstract readonly steps: readonly Step[];

  protected constructor(
    readonly anvil: Anvil,
    readonly redis: RedisServer,
  ) {}

  /** Contracts for a crew, which may use them. */
  abstract contractsFor(posting: EnvironmentOptions): Promise<ContractSetup>;

  /** A new account with money. */
  async fundedAccount(): Promise<Wallet> {
    const wallet = new Wallet(Wallet.createRandom().privateKey);
    await this.anvil.request('anvil_setBalance', [wallet.address, FUNDING]);
    return wallet;
  }

  /** A transaction that the service's own key signs, and the service knows nothing of. */
  async sendForeignTransaction(wallet: Wallet): Promise<void> {
    const before = await this.nonce(wallet.address);
    const raw = await wallet.signTransaction({
      to: ADMIN.address,
      nonce: before,
      gasLimit: 21_000n,
      chainId: 31337,
      type: 2,
      maxFeePerGas: 50_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
    await this.anvil.request('eth_sendRawTransaction', [raw]);
    await until('the foreign transaction', async () => (await this.nonce(wallet.address)) === before + 1);
  }

  async nonce(address: string, tag: 'latest' | 'pending' = 'latest'): Promise<number> {
    return Number(await this.anvil.request('eth_getTransactionCount', [address, tag]));
  }

  /** @param raw a signed transaction */
  async isMined(raw: string): Promise<boolean> {
    return (await this.anvil.request('eth_getTransactionReceipt', [keccak256(raw)])) !== null;
  }

  async stop(): Promise<void> {
    await Promise.all([this.anvil.stop(), this.redis.stop()]);
  }
}

/** The chain and the Redis of a site. */
export async function startServers(): Promise<readonly [Anvil, RedisServer]> {
  return await Promise.all([Anvil.start(ANVIL_ARGS), RedisServer.start()]);
}
