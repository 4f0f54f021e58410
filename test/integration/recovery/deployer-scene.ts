import { id, Wallet } from 'ethers';
import type { Environment } from '#config';
import { deployFactory, factoryInterface } from '#contracts';
import { ANVIL_ACCOUNTS } from '../../support/anvil.js';
import { TokenRegistry } from '../../support/token-registry.js';
import { type SceneServers, ServiceScene } from './service-scene.js';

const [ADMIN, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;

/** The service on this project's own contracts. */
export class DeployerScene extends ServiceScene {
  override readonly models = { first: 'a', second: 'b', fresh: 'c', ghost: 'ghost' };

  private constructor(
    servers: SceneServers,
    readonly tokens: TokenRegistry,
    readonly factory: string,
  ) {
    super(servers);
  }

  static async start(): Promise<DeployerScene> {
    const servers = await ServiceScene.serve();
    const { factoryAddress } = await deployFactory({
      request: servers.anvil.request,
      signer: new Wallet(ADMIN.privateKey),
      admin: ADMIN.address,
      grants: [ADMIN, DEPLOYER, SECOND].map(({ address }) => ({ role: 'DEPLOYER_ROLE', account: address })),
    });
    const scene = new DeployerScene(servers, new TokenRegistry(servers.anvil.url, factoryAddress), factoryAddress);
    await scene.keepChain();
    return scene;
  }

  override get contract(): string {
    return this.factory;
  }

  protected override get contractSettings(): Environment {
    return { FACTORY_ADDRESS: this.factory };
  }

  override secondTokenEvent() {
    const { first } = this.models;
    const values = [this.admin.address, id(first), this.deployer.address, first, 'run'];
    return factoryInterface.encodeEventLog('TokenDeployed', values);
  }

  protected override close(): void {
    this.tokens.close();
  }
}
