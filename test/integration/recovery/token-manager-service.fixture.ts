import { Interface, keccak256, toBeHex } from 'ethers';
import type { Environment } from '#config';
import type { DeployedToken } from '#core';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { TokenManagerContracts } from '../../support/chain/token-manager-contracts.js';
import { aDeployedToken } from '../../support/fixtures/deployed-token.fixture.js';
import { type FixtureServers, ServiceFixture } from './service.fixture.js';

const [, DEPLOYER] = ANVIL_ACCOUNTS;
const BLOCK_GAS = ['--gas-limit', '60000000'];
const MANAGER = new Interface([
  'event TokenDeployed(string indexed modelId, address indexed tokenAddress, address indexed deployer, string name, string symbol, uint256 totalSupply)',
]);
/** Where the stand-in of the registry keeps its mappings. */
const REGISTRY_SLOTS = { models: 1, isRegistered: 2 };

/** The service on stand-ins for Hokusai's contracts. It owns the registry; the second account deployed for it before. */
export class TokenManagerServiceFixture extends ServiceFixture {
  override readonly models = { first: '1', second: '2', fresh: '3', ghost: '404' };

  private constructor(
    servers: FixtureServers,
    readonly contracts: TokenManagerContracts,
  ) {
    super(servers);
  }

  static async start(): Promise<TokenManagerServiceFixture> {
    const servers = await ServiceFixture.startServers(BLOCK_GAS);
    const scene = new TokenManagerServiceFixture(
      servers,
      await TokenManagerContracts.deploy(servers.anvil, DEPLOYER.address),
    );
    await scene.snapshotChain();
    return scene;
  }

  override get contract(): string {
    return this.contracts.manager;
  }

  protected override get contractSettings(): Environment {
    return { ...this.contracts.environment, FORMER_DEPLOYERS: this.second.address };
  }

  override secondTokenEvent() {
    const { first } = this.models;
    const values = [first, this.admin.address, this.deployer.address, `Hokusai ${first}`, 'MSG-AI', 1n];
    return MANAGER.encodeEventLog('TokenDeployed', values);
  }

  /** Creates and registers a token of a model with a foreign account. */
  async foreignToken(modelId: string): Promise<DeployedToken> {
    const { admin, contracts } = this;
    const tokenAddress = await contracts.deployAs(admin.address, modelId);
    const transactionHash = await this.newestTransaction();
    await contracts.transferRegistry(admin.address);
    await contracts.registerAs(admin.address, modelId, tokenAddress);
    const registryTransactionHash = await this.newestTransaction();
    return aDeployedToken({ tokenAddress, transactionHash, registryTransactionHash, deployerAddress: admin.address });
  }

  /** The registry forgets a model, as no call of it does. */
  async unregister(modelId: string): Promise<void> {
    await this.storeInRegistry(REGISTRY_SLOTS.isRegistered, modelId, 0n);
  }

  /** The registry lists another token for a model, as no call of it does. */
  async registerOtherwise(modelId: string, token: string): Promise<void> {
    await this.storeInRegistry(REGISTRY_SLOTS.models, modelId, BigInt(token));
  }

  async tokenOf(modelId: string): Promise<string> {
    const { address } = await this.contracts.find(modelId);
    if (address === null) throw new Error(`model ${modelId} has no token`);
    return address;
  }

  protected override close(): void {
    this.contracts.close();
  }

  private async newestTransaction(): Promise<string> {
    const block = await this.anvil.request('eth_getBlockByNumber', ['latest', false]);
    return (block as { transactions: readonly [string] }).transactions[0];
  }

  private async storeInRegistry(mapping: number, modelId: string, value: bigint): Promise<void> {
    const slot = keccak256(`${toBeHex(BigInt(modelId), 32)}${toBeHex(mapping, 32).slice(2)}`);
    await this.anvil.request('anvil_setStorageAt', [this.contracts.registry, slot, toBeHex(value, 32)]);
  }
}
