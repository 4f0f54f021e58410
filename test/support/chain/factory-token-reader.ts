import { Contract, id, JsonRpcProvider, Network } from 'ethers';

const FACTORY = [
  'function tokenOf(string modelId) view returns (address)',
  'function isToken(address account) view returns (bool)',
  'event TokenDeployed(address indexed token, bytes32 indexed modelKey, address indexed deployer, string modelId, string mlflowRunId)',
];
const TOKEN = [
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function modelId() view returns (string)',
  'function metricName() view returns (string)',
  'function baselineValue() view returns (int256)',
  'function currentValue() view returns (int256)',
  'function contributor() view returns (address)',
];

/** What stands on chain about one token. */
export interface TokenOnChain {
  readonly address: string;
  readonly codeBytes: number;
  /** Whether the factory counts it among its own. */
  readonly registered: boolean;
  readonly name: string;
  readonly symbol: string;
  readonly modelId: string;
  readonly metricName: string;
  readonly baselineValue: bigint;
  readonly currentValue: bigint;
  readonly contributor: string;
  /** `TokenDeployed` events of its model; anything but 1 breaks the promise of one token per model. */
  readonly deployments: number;
}

/** Reads tokens straight from the chain, by an ABI of its own: a witness that shares no code with the service. */
export class FactoryTokenReader {
  private readonly provider: JsonRpcProvider;
  private readonly factory: Contract;

  constructor(rpcUrl: string, factoryAddress: string) {
    const network = Network.from(31337);
    this.provider = new JsonRpcProvider(rpcUrl, network, { staticNetwork: network, cacheTimeout: -1 });
    this.factory = new Contract(factoryAddress, FACTORY, this.provider);
  }

  /** Null when the model has no token. */
  async find(modelId: string): Promise<TokenOnChain | null> {
    const address = await read<string>(this.factory, 'tokenOf', modelId);
    if (/^0x0+$/.test(address)) return null;
    const token = new Contract(address, TOKEN, this.provider);
    return {
      address,
      codeBytes: (await this.provider.getCode(address)).length / 2 - 1,
      registered: await read<boolean>(this.factory, 'isToken', address),
      name: await read<string>(token, 'name'),
      symbol: await read<string>(token, 'symbol'),
      modelId: await read<string>(token, 'modelId'),
      metricName: await read<string>(token, 'metricName'),
      baselineValue: await read<bigint>(token, 'baselineValue'),
      currentValue: await read<bigint>(token, 'currentValue'),
      contributor: await read<string>(token, 'contributor'),
      deployments: await this.deployments(modelId),
    };
  }

  /** `TokenDeployed` events of one model, or of all. */
  async deployments(modelId?: string): Promise<number> {
    const event = this.factory.filters['TokenDeployed'];
    if (event === undefined) throw new Error('the factory ABI lacks TokenDeployed');
    const filter = modelId === undefined ? event() : event(null, id(modelId));
    return (await this.factory.queryFilter(filter, 0)).length;
  }

  /** The model of every `TokenDeployed` event, oldest first. */
  async deployedModels(): Promise<readonly string[]> {
    const event = this.factory.filters['TokenDeployed'];
    if (event === undefined) throw new Error('the factory ABI lacks TokenDeployed');
    const logs = await this.factory.queryFilter(event(), 0);
    return logs.map((log) => String('args' in log ? log.args['modelId'] : ''));
  }

  close(): void {
    this.provider.destroy();
  }
}

async function read<T>(contract: Contract, view: string, ...args: readonly unknown[]): Promise<T> {
  return (await contract.getFunction(view).staticCall(...args)) as T;
}
