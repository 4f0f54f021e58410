import {
  AbiCoder,
  concat,
  Contract,
  dataLength,
  type EventLog,
  getAddress,
  id,
  Interface,
  JsonRpcProvider,
  type Log,
  Network,
  toBeHex,
  zeroPadValue,
} from 'ethers';
import type { Environment } from '#config';
import { type Anvil, ANVIL_ACCOUNTS } from './anvil.js';
import standIns from '../contracts/artifacts/mock-contracts.json' with { type: 'json' };
import { until } from '../until.js';

const [ADMIN] = ANVIL_ACCOUNTS;
/** An unused address. */
const RECIPIENT = '0x0000000000000000000000000000000000001001';
const GOVERNOR = '0x0000000000000000000000000000000000001002';
const ONE_TOKEN = 10n ** 18n;

/** What the service is configured with, as the contracts take it. */
const DEFAULT_TERMS = {
  modelSupplierAllocation: 2_500_000n * ONE_TOKEN,
  modelSupplierRecipient: RECIPIENT,
  investorAllocation: 7_500_000n * ONE_TOKEN,
  tokensPerDeltaOne: 1_000n * ONE_TOKEN,
  infrastructureAccrualBps: 8_000,
  oraclePrice: 1_500_000n,
  licenseHash: id('licence'),
  licenseURI: 'https://example.com/licence',
  governor: GOVERNOR,
  vesting: { enabled: true, immediateUnlockBps: 1_000, vestingDurationSeconds: 31_536_000, cliffSeconds: 7_776_000 },
};
type DeploymentTerms = typeof DEFAULT_TERMS;

/** What stands on chain about one model. */
export interface TokenManagerToken {
  /** Null when the manager has made none. */
  readonly address: string | null;
  /** Null when the registry does not list the model. */
  readonly registered: string | null;
  /** `TokenDeployed` events of the model; more than 1 breaks the promise of one token per model. */
  readonly deployments: number;
  /** `ModelRegistered` events of the model. */
  readonly registrations: number;
}

/** Mock contracts of Hokusai on a separate chain, and a reader that shares no code with the service. */
export class TokenManagerContracts {
  private constructor(
    private readonly anvil: Anvil,
    private readonly provider: JsonRpcProvider,
    readonly manager: string,
    readonly registry: string,
  ) {}

  /** @param registryOwner who may register models: one of anvil's accounts */
  static async deploy(anvil: Anvil, registryOwner: string): Promise<TokenManagerContracts> {
    const network = Network.from(31337);
    const provider = new JsonRpcProvider(anvil.url, network, { staticNetwork: network, cacheTimeout: -1 });
    const registry = await create(anvil, standIns.ModelRegistry.bytecode, ['address'], [registryOwner]);
    const factory = await create(anvil, standIns.TokenDeploymentFactory.bytecode, [], []);
    const manager = await create(anvil, standIns.TokenManager.bytecode, ['address', 'address'], [registry, factory]);
    return new TokenManagerContracts(anvil, provider, manager, registry);
  }

  /** Settings of the service for these contracts. */
  get environment(): Environment & Readonly<Record<string, string>> {
    return {
      TOKEN_BACKEND: 'token-manager',
      TOKEN_MANAGER_ADDRESS: this.manager,
      MODEL_REGISTRY_ADDRESS: this.registry,
      MODEL_SUPPLIER_ALLOCATION: '2500000',
      MODEL_SUPPLIER_RECIPIENT: RECIPIENT,
      INVESTOR_ALLOCATION: '7500000',
      TOKENS_PER_DELTA_ONE: '1000',
      INFRASTRUCTURE_ACCRUAL_BPS: '8000',
      ORACLE_PRICE_PER_THOUSAND_USD: '1.5',
      LICENSE_HASH: DEFAULT_TERMS.licenseHash,
      LICENSE_URI: DEFAULT_TERMS.licenseURI,
      GOVERNOR_ADDRESS: GOVERNOR,
      VESTING_ENABLED: 'true',
      VESTING_IMMEDIATE_UNLOCK_BPS: '1000',
      VESTING_DURATION: '31536000',
      VESTING_CLIFF: '7776000',
    };
  }

  async find(modelId: string): Promise<TokenManagerToken> {
    const [manager, registry] = [this.contract('TokenManager'), this.contract('ModelRegistry')];
    const made = await read<boolean>(manager, 'hasToken', modelId);
    const listed = await read<boolean>(registry, 'isRegistered', modelId);
    return {
      address: made ? await read<string>(manager, 'getTokenAddress', modelId) : null,
      registered: listed ? await read<string>(registry, 'getToken', modelId) : null,
      deployments: (await events(manager, 'TokenDeployed', modelId)).length,
      registrations: (await events(registry, 'ModelRegistered', modelId)).length,
    };
  }

  /** Who called the manager: for each token of a model, or of all, oldest first. EIP-55. */
  async deployersOf(modelId?: string): Promise<readonly string[]> {
    const logs = await events(this.contract('TokenManager'), 'TokenDeployed', modelId);
    return logs.map((log) => argument(log, 'deployer'));
  }

  /** The token of every entry that was ever made in the registry, oldest first. EIP-55. */
  async registeredTokens(): Promise<readonly string[]> {
    const logs = await events(this.contract('ModelRegistry'), 'ModelRegistered');
    return logs.map((log) => argument(log, 'tokenAddress'));
  }

  /** Name, symbol and terms of a token, as it tells them itself. */
  async nameAndSymbol(address: string): Promise<Readonly<Record<string, unknown>>> {
    const token = new Contract(address, TOKEN, this.provider);
    const views = ['name', 'symbol', 'maxSupply', 'modelSupplierAllocation', 'modelSupplierRecipient', 'params'];
    const values = await Promise.all(views.map(async (view) => [view, await read<unknown>(token, view)] as const));
    return Object.fromEntries(values);
  }

  /** What the parameter contract of a token starts with. */
  async terms(params: string): Promise<readonly unknown[]> {
    const contract = new Contract(params, PARAMS, this.provider);
    const views = [
      'tokensPerDeltaOne',
      'infrastructureAccrualBps',
      'oraclePricePerThousandUsd',
      'licenseHash',
      'licenseURI',
    ];
    return await Promise.all(views.map((view) => read<unknown>(contract, view)));
  }

  /** Vesting that the parameter contract of a token has taken: enabled, immediate unlock, duration, cliff. */
  async vestingOf(address: string): Promise<readonly unknown[]> {
    const params = await read<string>(new Contract(address, TOKEN, this.provider), 'params');
    return [...(await read<readonly unknown[]>(new Contract(params, PARAMS, this.provider), 'vestingConfig'))];
  }

  /** Calldata of the manager's deployment of a model, under other terms than the configured ones where some are given. */
  deployment(modelId: string, changes: Partial<DeploymentTerms> & { readonly symbol?: string } = {}): string {
    const terms = { ...DEFAULT_TERMS, ...changes };
    const { modelSupplierAllocation, modelSupplierRecipient, investorAllocation } = terms;
    const params = [
      terms.tokensPerDeltaOne,
      terms.infrastructureAccrualBps,
      terms.oraclePrice,
      terms.licenseHash,
      terms.licenseURI,
      terms.governor,
      Object.values(terms.vesting),
    ];
    const allocations = [modelSupplierAllocation, modelSupplierRecipient, investorAllocation];
    const named = [modelId, `Hokusai ${modelId}`, changes.symbol ?? 'TEST'];
    return this.contract('TokenManager').interface.encodeFunctionData('deployTokenWithAllocations', [
      ...named,
      ...allocations,
      params,
    ]);
  }

  registration(modelId: string, token: string, metric = 'accuracy'): string {
    return this.contract('ModelRegistry').interface.encodeFunctionData('registerModel', [modelId, token, metric]);
  }

  /** Sends a transaction of any account and waits until it is mined, unless automatic mining is off. @returns its hash */
  async send(from: string, to: string, data: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    return String(await this.anvil.request('eth_sendTransaction', [{ from, to, data, gas: '0x5b8d80', ...more }]));
  }

  async deployAs(
    from: string,
    modelId: string,
    changes: Partial<DeploymentTerms> & { symbol?: string } = {},
  ): Promise<string> {
    await this.sendAndMine(await this.send(from, this.manager, this.deployment(modelId, changes)));
    const { address } = await this.find(modelId);
    if (address === null) throw new Error(`the manager has made no token for ${modelId}`);
    return address;
  }

  async registerAs(owner: string, modelId: string, token: string): Promise<void> {
    await this.sendAndMine(await this.send(owner, this.registry, this.registration(modelId, token)));
  }

  /** @param wei what a deployment costs from now on */
  async setFee(wei: bigint): Promise<void> {
    const data = this.contract('TokenManager').interface.encodeFunctionData('setDeploymentFee', [wei]);
    await this.sendAndMine(await this.send(ADMIN.address, this.manager, data));
  }

  /** The governor changes a parameter of a model's token. */
  async changeAccrualOf(modelId: string, bps: number): Promise<void> {
    const { address } = await this.find(modelId);
    const params = await read<string>(new Contract(String(address), TOKEN, this.provider), 'params');
    const setter = new Interface(['function setInfrastructureAccrualBps(uint16 value)']);
    await this.anvil.request('anvil_impersonateAccount', [GOVERNOR]);
    await this.anvil.request('anvil_setBalance', [GOVERNOR, toBeHex(10n ** 18n)]);
    const data = setter.encodeFunctionData('setInfrastructureAccrualBps', [bps]);
    await this.sendAndMine(await this.send(GOVERNOR, params, data));
  }

  /**
   * Settings of the service for these contracts, but one function of theirs answers otherwise.
   *
   * @param answer return data, or what it reverts with
   */
  async replaceCode(
    name: 'TokenManager' | 'ModelRegistry',
    view: string,
    answer: { readonly returns?: string; readonly reverts?: string },
  ): Promise<Environment> {
    const original = this.contract(name);
    const { returns, reverts } = answer;
    const changes = [original.target, selectorOf(original, view), reverts !== undefined, reverts ?? returns];
    const types = ['address', 'bytes4', 'bool', 'bytes'];
    const address = await create(this.anvil, standIns.AlteredContract.bytecode, types, changes);
    if (name === 'TokenManager') return { TOKEN_MANAGER_ADDRESS: address };
    const named = AbiCoder.defaultAbiCoder().encode(['address'], [address]);
    return {
      ...(await this.replaceCode('TokenManager', 'registry', { returns: named })),
      MODEL_REGISTRY_ADDRESS: address,
    };
  }

  /** From now on the manager refuses every call. @param words its reason; null for an invalid opcode, which has none */
  async revertAllCalls(words: string | null): Promise<void> {
    const code = words === null ? '0xfe' : codeThatReverts(ERRORS.encodeErrorResult('Error', [words]));
    await this.anvil.request('anvil_setCode', [this.manager, code]);
  }

  /** The registry changes hands without a transaction; the owner is the first thing that it stores. */
  async transferRegistry(owner: string): Promise<void> {
    await this.anvil.request('anvil_setStorageAt', [this.registry, '0x0', zeroPadValue(owner, 32)]);
  }

  close(): void {
    this.provider.destroy();
  }

  private async sendAndMine(hash: string): Promise<void> {
    await until(`transaction ${hash}`, async () => await this.anvil.request('eth_getTransactionReceipt', [hash]));
  }

  private contract(name: 'TokenManager' | 'ModelRegistry'): Contract {
    const address = name === 'TokenManager' ? this.manager : this.registry;
    return new Contract(address, standIns[name].abi, this.provider);
  }
}

const TOKEN = [
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function maxSupply() view returns (uint256)',
  'function modelSupplierAllocation() view returns (uint256)',
  'function modelSupplierRecipient() view returns (address)',
  'function params() view returns (address)',
];
const PARAMS = [
  'function tokensPerDeltaOne() view returns (uint256)',
  'function infrastructureAccrualBps() view returns (uint16)',
  'function oraclePricePerThousandUsd() view returns (uint256)',
  'function licenseHash() view returns (bytes32)',
  'function licenseURI() view returns (string)',
  'function vestingConfig() view returns (bool, uint16, uint64, uint64)',
];

const ERRORS = new Interface(['error Error(string)']);

/** Copies what stands behind its twelve bytes into memory and reverts with it. @param data at most 255 bytes */
function codeThatReverts(data: string): string {
  const length = toBeHex(dataLength(data), 1).slice(2);
  return `0x60${length}600c60003960${length}6000fd${data.slice(2)}`;
}

async function create(
  anvil: Anvil,
  code: string,
  types: readonly string[],
  values: readonly unknown[],
): Promise<string> {
  const data = concat([code, AbiCoder.defaultAbiCoder().encode(types, values)]);
  const hash = await anvil.request('eth_sendTransaction', [{ from: ADMIN.address, data, gas: '0x989680' }]);
  const receipt = await until('a contract', async () => await anvil.request('eth_getTransactionReceipt', [hash]));
  return getAddress((receipt as { contractAddress: string }).contractAddress);
}

/** Of all models without a model id. */
async function events(contract: Contract, name: string, modelId?: string): Promise<readonly (Log | EventLog)[]> {
  const event = contract.filters[name];
  if (event === undefined) throw new Error(`the ABI lacks ${name}`);
  return await contract.queryFilter(modelId === undefined ? event() : event(modelId), 0);
}

function argument(log: Log | EventLog, name: string): string {
  return 'args' in log ? String(log.args[name]) : '';
}

function selectorOf(contract: Contract, name: string): string {
  const found = contract.interface.getFunction(name);
  if (found === null) throw new Error(`the ABI lacks ${name}`);
  return found.selector;
}

async function read<T>(contract: Contract, view: string, ...args: readonly unknown[]): Promise<T> {
  return (await contract.getFunction(view).staticCall(...args)) as T;
}
