import { Wallet } from 'ethers';
import { encodeDeploy, factoryInterface } from '#contracts';
import { parseMessage } from '#messages';
import { Anvil, ANVIL_ACCOUNTS } from '../support/anvil.js';
import { deployContracts } from '../support/contracts.js';
import { RedisServer } from '../support/redis-server.js';
import { TokenRegistry } from '../support/token-registry.js';
import { until } from '../support/until.js';

const [ADMIN] = ANVIL_ACCOUNTS;
const TEN_ETHER = '0x8ac7230489e80000';
const RULES = { maxMessageBytes: 1e6, minImprovementPercentage: 0 };

/** One chain with the contracts on it and one Redis, for many services that have nothing to do with each other. */
export class CrashSite {
  private constructor(
    readonly anvil: Anvil,
    readonly redis: RedisServer,
    readonly factory: string,
    readonly tokens: TokenRegistry,
  ) {}

  static async start(): Promise<CrashSite> {
    const [anvil, redis] = await Promise.all([
      Anvil.start(['--block-time', '1', '--mixed-mining']),
      RedisServer.start(),
    ]);
    const factory = await deployContracts(anvil.url, ADMIN.privateKey);
    return new CrashSite(anvil, redis, factory, new TokenRegistry(anvil.url, factory));
  }

  /** A new account with money and the right to deploy. */
  async account(): Promise<Wallet> {
    const wallet = new Wallet(Wallet.createRandom().privateKey);
    await this.anvil.request('anvil_setBalance', [wallet.address, TEN_ETHER]);
    const [role] = factoryInterface.decodeFunctionResult('DEPLOYER_ROLE', await this.view('DEPLOYER_ROLE'));
    await this.administer(factoryInterface.encodeFunctionData('grantRole', [role, wallet.address]));
    return wallet;
  }

  /** Another deployer makes the token that a message asks for. */
  async deployedByAnother(message: string): Promise<void> {
    const { record, mlflowRunId } = parseMessage(Buffer.from(message), RULES).request;
    await this.administer(encodeDeploy({ record, mlflowRunId }));
  }

  /** A transaction that the service's own key signs, and the service knows nothing of. */
  async foreign(wallet: Wallet): Promise<void> {
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

  async stop(): Promise<void> {
    this.tokens.close();
    await Promise.all([this.anvil.stop(), this.redis.stop()]);
  }

  private async view(name: 'DEPLOYER_ROLE'): Promise<string> {
    const call = { to: this.factory, data: factoryInterface.encodeFunctionData(name) };
    return String(await this.anvil.request('eth_call', [call]));
  }

  private async administer(data: string): Promise<void> {
    const hash = await this.anvil.request('eth_sendTransaction', [{ from: ADMIN.address, to: this.factory, data }]);
    await until('the admin', async () => await this.anvil.request('eth_getTransactionReceipt', [hash]));
  }
}
