import { randomUUID } from 'node:crypto';
import { encodeDeploy, factoryInterface } from '#contracts';
import type { DeploymentRequest } from '#core';
import { type Anvil, ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { deployContracts } from '../support/chain/deploy-contracts.js';
import type { RedisServer } from '../support/redis/redis-server.js';
import { FactoryTokenReader } from '../support/chain/factory-token-reader.js';
import { until } from '../support/until.js';
import { CrashEnvironment, startServers, type EnvironmentOptions } from './crash-environment.js';
import { ContractSetup, type Step } from './contract-setup.js';
import { SerialQueue } from './serial-queue.js';

const [ADMIN] = ANVIL_ACCOUNTS;
const STEPS = ['deploy'] as const;

/** A site with one factory, which all crews use. */
export class FactoryEnvironment extends CrashEnvironment {
  override readonly steps = STEPS;

  private constructor(
    anvil: Anvil,
    redis: RedisServer,
    private readonly contracts: FactoryContractSetup,
  ) {
    super(anvil, redis);
  }

  static async start(): Promise<FactoryEnvironment> {
    const [anvil, redis] = await startServers();
    const factory = await deployContracts(anvil, ADMIN.privateKey);
    return new FactoryEnvironment(anvil, redis, new FactoryContractSetup(anvil, factory));
  }

  override async contractsFor({ accounts }: EnvironmentOptions): Promise<ContractSetup> {
    for (const account of accounts) await this.contracts.grantDeployerRole(account);
    return this.contracts;
  }

  override async stop(): Promise<void> {
    this.contracts.close();
    await super.stop();
  }
}

class FactoryContractSetup extends ContractSetup {
  override readonly steps = STEPS;
  override readonly environment: Readonly<Record<string, string>>;
  private readonly tokens: FactoryTokenReader;
  private readonly serial = new SerialQueue();

  constructor(
    private readonly anvil: Anvil,
    override readonly address: string,
  ) {
    super();
    this.environment = { FACTORY_ADDRESS: address };
    this.tokens = new FactoryTokenReader(anvil.url, address);
  }

  async grantDeployerRole(account: string): Promise<void> {
    const call = { to: this.address, data: factoryInterface.encodeFunctionData('DEPLOYER_ROLE') };
    const answer = String(await this.anvil.request('eth_call', [call]));
    const [role] = factoryInterface.decodeFunctionResult('DEPLOYER_ROLE', answer);
    await this.sendAsAdmin(factoryInterface.encodeFunctionData('grantRole', [role, account]));
  }

  override newModelId(name: string): string {
    return `${name}-${randomUUID().slice(0, 8)}`;
  }

  override stepOf(): Step {
    return 'deploy';
  }

  override async deployAsTrusted({ record, mlflowRunId }: DeploymentRequest): Promise<void> {
    await this.sendAsAdmin(encodeDeploy({ record, mlflowRunId }));
  }

  override async deployConflicting({ record, mlflowRunId }: DeploymentRequest): Promise<void> {
    await this.sendAsAdmin(encodeDeploy({ record: { ...record, tokenSymbol: 'OTHER' }, mlflowRunId }));
  }

  override async tokenViolations({ record }: DeploymentRequest, token: string): Promise<readonly string[]> {
    const found = await this.tokens.find(record.modelId);
    if (found === null) return ['has no token'];
    const { registered, deployments, symbol, metricName, baselineValue, currentValue, contributor } = found;
    const demands = {
      'one deployment': deployments === 1,
      'its entry': registered,
      'its symbol': symbol === record.tokenSymbol,
      'its metric': metricName === record.metricName,
      'its baseline': baselineValue === record.baselineValue,
      'its value': currentValue === record.currentValue,
      'its contributor': contributor.toLowerCase() === record.contributor?.toLowerCase(),
      'its address in the ledger': token === found.address,
    };
    return Object.entries(demands).flatMap(([what, met]) => (met ? [] : [`lacks ${what}`]));
  }

  /** All replica sets share the factory; only their models differ. */
  override async historyViolations(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }

  override close(): void {
    this.tokens.close();
  }

  private async sendAsAdmin(data: string): Promise<void> {
    const transaction = { from: ADMIN.address, to: this.address, data };
    const hash = await this.serial.run(() => this.anvil.request('eth_sendTransaction', [transaction]));
    await until('the admin', async () => await this.anvil.request('eth_getTransactionReceipt', [hash]));
  }
}
