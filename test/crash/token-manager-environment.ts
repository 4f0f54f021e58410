import type { Transaction } from 'ethers';
import type { DeploymentRequest } from '#core';
import { type Anvil, ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { TokenManagerContracts } from '../support/chain/token-manager-contracts.js';
import type { RedisServer } from '../support/redis/redis-server.js';
import { CrashEnvironment, startServers, type EnvironmentOptions } from './crash-environment.js';
import { ContractSetup, type Step } from './contract-setup.js';
import { SerialQueue } from './serial-queue.js';

const [STRANGER, PREDECESSOR, GOVERNANCE] = ANVIL_ACCOUNTS;
const STEPS = ['deploy', 'register'] as const;

/** A site with Hokusai's TokenManager and ModelRegistry, of which every crew has its own. */
export class TokenManagerEnvironment extends CrashEnvironment {
  override readonly steps = STEPS;
  private readonly serial = new SerialQueue();

  private constructor(anvil: Anvil, redis: RedisServer) {
    super(anvil, redis);
  }

  static async start(): Promise<TokenManagerEnvironment> {
    return new TokenManagerEnvironment(...(await startServers()));
  }

  /** The first account owns the registry, unless it is governed. */
  override async contractsFor({ accounts, externalOwner }: EnvironmentOptions): Promise<ContractSetup> {
    const owner = externalOwner ? GOVERNANCE.address : (accounts[0] ?? '');
    const contracts = await this.serial.run(() => TokenManagerContracts.deploy(this.anvil, owner));
    return new TokenManagerContractSetup(contracts, owner, accounts, this.serial);
  }
}

class TokenManagerContractSetup extends ContractSetup {
  override readonly steps = STEPS;
  override readonly address: string;
  override readonly environment: Readonly<Record<string, string>>;
  private lastModelId = 0;
  /** Registrations that the crew did not pay for. */
  private externalRegistrations = 0;

  constructor(
    private readonly contracts: TokenManagerContracts,
    private readonly owner: string,
    private readonly accounts: readonly string[],
    private readonly serial: SerialQueue,
  ) {
    super();
    this.address = contracts.manager;
    this.environment = { ...contracts.environment, FORMER_DEPLOYERS: PREDECESSOR.address };
  }

  /** The registry takes numbers alone. */
  override newModelId(): string {
    this.lastModelId += 1;
    return String(this.lastModelId);
  }

  override stepOf({ to }: Transaction): Step {
    return to === this.contracts.registry ? 'register' : 'deploy';
  }

  override async deployAsTrusted({ record }: DeploymentRequest): Promise<void> {
    const { contracts } = this;
    const { modelId, tokenSymbol: symbol } = record;
    const { address, registered } = await contracts.find(modelId);
    const token = address ?? (await this.deployTokenAs(PREDECESSOR.address, modelId, symbol));
    if (registered === null) await this.registerExternally(modelId, token);
  }

  override async deployConflicting({ record }: DeploymentRequest, step: Step): Promise<void> {
    const modelId = step === 'deploy' ? record.modelId : this.newModelId();
    const token = await this.deployTokenAs(STRANGER.address, modelId, 'OTHER');
    if (step === 'register') await this.registerExternally(record.modelId, token);
  }

  override async tokenViolations({ record }: DeploymentRequest, token: string): Promise<readonly string[]> {
    const { contracts, accounts } = this;
    const { modelId } = record;
    const found = await contracts.find(modelId);
    if (found.address === null) return ['has no token'];
    const { name, symbol } = await contracts.nameAndSymbol(found.address);
    const [deployer = ''] = await contracts.deployersOf(modelId);
    const demands = {
      'one deployment': found.deployments === 1,
      'one registration': found.registrations === 1,
      'its entry in the registry': found.registered === found.address,
      'a deployer whom we trust': [...accounts, PREDECESSOR.address].includes(deployer),
      'its name': name === `Hokusai ${modelId}`,
      'its symbol': symbol === record.tokenSymbol,
      'its address in the ledger': token === found.address,
    };
    return Object.entries(demands).flatMap(([what, met]) => (met ? [] : [`lacks ${what}`]));
  }

  /** Every transaction of the crew made a token or an entry, and no two of them the same. */
  override async historyViolations(spent: number): Promise<readonly string[]> {
    const { contracts, accounts } = this;
    const [deployers, entries] = [await contracts.deployersOf(), await contracts.registeredTokens()];
    const own = deployers.filter((deployer) => accounts.includes(deployer)).length;
    const done = own + entries.length - this.externalRegistrations;
    return [
      ...(new Set(entries).size === entries.length ? [] : ['a token was registered twice']),
      ...(spent === done ? [] : [`${spent} transactions for ${own} tokens and ${done - own} registrations`]),
    ];
  }

  override close(): void {
    this.contracts.close();
  }

  private async deployTokenAs(by: string, modelId: string, symbol: string): Promise<string> {
    return await this.serial.run(() => this.contracts.deployAs(by, modelId, { symbol }));
  }

  /** Registers a token as the temporary owner of the registry. */
  private async registerExternally(modelId: string, token: string): Promise<void> {
    const { contracts, owner } = this;
    await contracts.transferRegistry(GOVERNANCE.address);
    await this.serial.run(() => contracts.registerAs(GOVERNANCE.address, modelId, token));
    await contracts.transferRegistry(owner);
    this.externalRegistrations += 1;
  }
}
