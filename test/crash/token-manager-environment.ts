import type { Transaction } from 'ethers';
import type { DeploymentRequest } from '#core';
import { type Anvil, ANVIL_ACCOUNTS } from '../support/anvil.js';
import { ManagedContracts } from '../support/token-manager-contracts.js';
import type { RedisServer } from '../support/redis-server.js';
import { CrashEnvironment, startServers, type EnvironmentOptions } from './crash-environment.js';
import { ContractSetup, type Step } from './contract-setup.js';
import { InTurn } from './serial-queue.js';

const [STRANGER, PREDECESSOR, GOVERNANCE] = ANVIL_ACCOUNTS;
const STEPS = ['deploy', 'register'] as const;

/** A site with Hokusai's TokenManager and ModelRegistry, of which every crew has its own. */
export class TokenManagerEnvironment extends CrashEnvironment {
  override readonly steps = STEPS;
  private readonly inTurn = new InTurn();

  private constructor(anvil: Anvil, redis: RedisServer) {
    super(anvil, redis);
  }

  static async start(): Promise<TokenManagerEnvironment> {
    return new TokenManagerEnvironment(...(await startServers()));
  }

  /** The first account owns the registry, unless it is governed. */
  override async contractsFor({ accounts, governed }: EnvironmentOptions): Promise<ContractSetup> {
    const owner = governed ? GOVERNANCE.address : (accounts[0] ?? '');
    const contracts = await this.inTurn.do(() => ManagedContracts.deploy(this.anvil, owner));
    return new ManagedCrewContracts(contracts, owner, accounts, this.inTurn);
  }
}

class ManagedCrewContracts extends ContractSetup {
  override readonly steps = STEPS;
  override readonly address: string;
  override readonly environment: Readonly<Record<string, string>>;
  private lastModel = 0;
  /** Registrations that the crew did not pay for. */
  private gifts = 0;

  constructor(
    private readonly contracts: ManagedContracts,
    private readonly owner: string,
    private readonly accounts: readonly string[],
    private readonly inTurn: InTurn,
  ) {
    super();
    this.address = contracts.manager;
    this.environment = { ...contracts.environment, FORMER_DEPLOYERS: PREDECESSOR.address };
  }

  /** The registry takes numbers alone. */
  override newModelId(): string {
    this.lastModel += 1;
    return String(this.lastModel);
  }

  override stepOf({ to }: Transaction): Step {
    return to === this.contracts.registry ? 'register' : 'deploy';
  }

  override async fulfil({ record }: DeploymentRequest): Promise<void> {
    const { contracts } = this;
    const { modelId, tokenSymbol: symbol } = record;
    const { address, registered } = await contracts.find(modelId);
    const token = address ?? (await this.made(PREDECESSOR.address, modelId, symbol));
    if (registered === null) await this.list(modelId, token);
  }

  override async contest({ record }: DeploymentRequest, step: Step): Promise<void> {
    const modelId = step === 'deploy' ? record.modelId : this.newModelId();
    const token = await this.made(STRANGER.address, modelId, 'OTHER');
    if (step === 'register') await this.list(record.modelId, token);
  }

  override async wrongToken({ record }: DeploymentRequest, token: string): Promise<readonly string[]> {
    const { contracts, accounts } = this;
    const { modelId } = record;
    const found = await contracts.find(modelId);
    if (found.address === null) return ['has no token'];
    const { name, symbol } = await contracts.describe(found.address);
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
  override async wrongHistory(spent: number): Promise<readonly string[]> {
    const { contracts, accounts } = this;
    const [deployers, entries] = [await contracts.deployersOf(), await contracts.registeredTokens()];
    const own = deployers.filter((deployer) => accounts.includes(deployer)).length;
    const done = own + entries.length - this.gifts;
    return [
      ...(new Set(entries).size === entries.length ? [] : ['a token was registered twice']),
      ...(spent === done ? [] : [`${spent} transactions for ${own} tokens and ${done - own} registrations`]),
    ];
  }

  override close(): void {
    this.contracts.close();
  }

  private async made(by: string, modelId: string, symbol: string): Promise<string> {
    return await this.inTurn.do(() => this.contracts.deployedBy(by, modelId, { symbol }));
  }

  /** Whoever owns the registry for so long lists a token there. */
  private async list(modelId: string, token: string): Promise<void> {
    const { contracts, owner } = this;
    await contracts.giveRegistryTo(GOVERNANCE.address);
    await this.inTurn.do(() => contracts.registeredBy(GOVERNANCE.address, modelId, token));
    await contracts.giveRegistryTo(owner);
    this.gifts += 1;
  }
}
