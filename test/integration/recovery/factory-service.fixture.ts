import { id } from 'ethers';
import type { Environment } from '#config';
import { deployFactory, factoryInterface } from '#contracts';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { signerCreator } from '../../support/chain/test-signer.js';
import { FactoryTokenReader } from '../../support/chain/factory-token-reader.js';
import { type FixtureServers, ServiceFixture } from './service.fixture.js';

const [ADMIN, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;

/** The service on this project's own contracts. */
export class FactoryServiceFixture extends ServiceFixture {
  override readonly models = { first: 'a', second: 'b', fresh: 'c', ghost: 'ghost' };

  private constructor(
    servers: FixtureServers,
    readonly tokens: FactoryTokenReader,
    readonly factory: string,
  ) {
    super(servers);
  }

  static async start(): Promise<FactoryServiceFixture> {
    const servers = await ServiceFixture.startServers();
    const { factoryAddress } = await deployFactory({
      request: servers.anvil.request,
      createSigner: signerCreator(ADMIN.privateKey),
      admin: ADMIN.address,
      grants: [ADMIN, DEPLOYER, SECOND].map(({ address }) => ({ role: 'DEPLOYER_ROLE', account: address })),
    });
    const scene = new FactoryServiceFixture(
      servers,
      new FactoryTokenReader(servers.anvil.url, factoryAddress),
      factoryAddress,
    );
    await scene.snapshotChain();
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
