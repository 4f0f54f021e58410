import { Transaction, Wallet } from 'ethers';
import type { Environment } from '#config';
import { deployFactory, encodeDeploy, factoryInterface } from '#contracts';
import type { DeploymentRecord } from '#core';
import { Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import { aDeploymentJob } from '../fixtures/deployment-job.fixture.js';
import { RedisServer } from '../redis/redis-server.js';
import { ReplicaHarness } from './replica-harness.js';
import { RpcProxy } from '../rpc/rpc-proxy.js';
import { signerCreator } from './test-signer.js';
import { FactoryTokenReader } from './factory-token-reader.js';
import { until } from '../until.js';

const [ADMIN, DEPLOYER] = ANVIL_ACCOUNTS;

/** A chain with this project's own contracts. */
export class ChainHarness extends ReplicaHarness {
  private constructor(
    anvil: Anvil,
    redis: RedisServer,
    proxy: RpcProxy,
    readonly factory: string,
    readonly tokens: FactoryTokenReader,
  ) {
    super(anvil, redis, proxy);
  }

  static async start(anvilArgs: readonly string[] = []): Promise<ChainHarness> {
    const [anvil, redis] = await Promise.all([Anvil.start(anvilArgs), RedisServer.start()]);
    const { factoryAddress } = await deployFactory({
      request: anvil.request,
      createSigner: signerCreator(ADMIN.privateKey),
      admin: ADMIN.address,
      grants: [ADMIN, DEPLOYER].map(({ address }) => ({ role: 'DEPLOYER_ROLE', account: address })),
    });
    const proxy = await RpcProxy.start(anvil.url);
    return new ChainHarness(anvil, redis, proxy, factoryAddress, new FactoryTokenReader(anvil.url, factoryAddress));
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.tokens.close();
  }

  async nonce(tag: 'latest' | 'pending' = 'latest'): Promise<number> {
    return Number(await this.anvil.request('eth_getTransactionCount', [DEPLOYER.address, tag]));
  }

  /** Waits until the node's pool holds so many transactions of the deployer that the next block can take. */
  async waitForMempool(count: number): Promise<void> {
    await until(`${count} transactions in the pool`, async () => {
      const [latest, pending] = await Promise.all([this.nonce('latest'), this.nonce('pending')]);
      return pending - latest === count;
    });
  }

  /** Grants or takes away a role, by the admin, and sees it mined. */
  async sendAsAdmin(method: 'grantRole' | 'revokeRole', ...args: readonly unknown[]): Promise<void> {
    await this.sendToFactory(factoryInterface.encodeFunctionData(method, args));
  }

  /** Another deployer makes the token of a model, with a record that may differ. */
  async deployAsAnother(modelId: string, changes: Partial<DeploymentRecord> = {}): Promise<void> {
    const { record } = aDeploymentJob(modelId).request;
    await this.sendToFactory(encodeDeploy({ record: { ...record, ...changes }, mlflowRunId: null }));
  }

  /** Another deployer pays so much that its transaction comes first in the next block. */
  async frontRunDeploy(modelId: string): Promise<void> {
    await this.frontRun(encodeDeploy({ record: aDeploymentJob(modelId).request.record, mlflowRunId: null }));
  }

  /** Grants or takes away a role in the next block, before anything that waits for it. */
  async frontRunAsAdmin(method: 'grantRole' | 'revokeRole', ...args: readonly unknown[]): Promise<void> {
    await this.frontRun(factoryInterface.encodeFunctionData(method, args));
  }

  /** A transaction that the service's own key signs, and the service knows nothing of. */
  async sendForeignTransaction(nonce: number): Promise<void> {
    const transaction = Transaction.from({
      to: ADMIN.address,
      nonce,
      gasLimit: 21_000n,
      chainId: 31337,
      type: 2,
      maxFeePerGas: 50_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
    const raw = await new Wallet(DEPLOYER.privateKey).signTransaction(transaction);
    await this.anvil.request('eth_sendRawTransaction', [raw]);
  }

  private async sendToFactory(data: string): Promise<void> {
    const call = { from: ADMIN.address, to: this.factory, data };
    const hash = await this.anvil.request('eth_sendTransaction', [call]);
    await until('the admin', async () => await this.anvil.request('eth_getTransactionReceipt', [hash]));
  }

  /** The admin pays the highest fee, and the next block is mined. */
  private async frontRun(data: string): Promise<void> {
    const fees = { maxFeePerGas: '0x174876e800', maxPriorityFeePerGas: '0x12a05f2000' };
    const call = { from: ADMIN.address, to: this.factory, data, gas: '0x7a120', ...fees };
    await this.anvil.request('eth_sendTransaction', [call]);
    await this.mine();
  }

  protected override get environment(): Environment {
    return { FACTORY_ADDRESS: this.factory };
  }
}
