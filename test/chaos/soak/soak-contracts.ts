import type { Environment } from '#config';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { deployContracts } from '../../support/chain/deploy-contracts.js';
import { FactoryTokenReader } from '../../support/chain/factory-token-reader.js';
import { TokenManagerContracts } from '../../support/chain/token-manager-contracts.js';
import type { TestStack } from '../../support/process/test-stack.js';

const BACKENDS = ['factory', 'token-manager'] as const;
/** The contracts behind a soak. */
export type SoakBackend = (typeof BACKENDS)[number];

export function isSoakBackend(name: string): name is SoakBackend {
  return BACKENDS.some((backend) => backend === name);
}

/** How models are named there, what the service is told, and what the chain says without the service's help. */
export interface SoakContracts {
  /** On top of what every service of the stack is configured with. */
  readonly environment: Environment & Readonly<Record<string, string>>;
  /** Names other contracts of the same family, which the queue is not pinned to. */
  readonly rivalHome: Readonly<Record<string, string>>;
  /** Whether `ledger:rebuild` restores the jobs of a lost ledger. */
  readonly keepsRecords: boolean;
  modelId(number: number): string;
  /** Each model once for every token that was ever made for it, and once more for every flaw of that token. */
  tokens(models: readonly string[]): Promise<readonly string[]>;
  /** Tokens that the other contracts made. */
  strayTokens(): Promise<number>;
  close(): void;
}

/** Deploys what the stack does not have already. */
export async function soakContracts(backend: SoakBackend, stack: TestStack): Promise<SoakContracts> {
  return backend === 'factory' ? await factoryOf(stack) : await managerOf(stack);
}

async function factoryOf(stack: TestStack): Promise<SoakContracts> {
  const [, rivalAdmin, ...others] = ANVIL_ACCOUNTS;
  const keys = [rivalAdmin, ...others].map(({ privateKey }) => privateKey).join(',');
  const rival = await deployContracts(stack.node, keys);
  const strays = new FactoryTokenReader(stack.node.url, rival);
  return {
    environment: {},
    rivalHome: { FACTORY_ADDRESS: rival },
    keepsRecords: true,
    modelId: (number) => `soak-${number}`,
    tokens: () => stack.tokens.deployedModels(),
    strayTokens: () => strays.deployments(),
    close: () => strays.close(),
  };
}

/** The first account owns the registry. */
async function managerOf(stack: TestStack): Promise<SoakContracts> {
  const contracts = await TokenManagerContracts.deploy(stack.node, ANVIL_ACCOUNTS[0].address);
  const rival = await TokenManagerContracts.deploy(stack.node, ANVIL_ACCOUNTS[0].address);
  const tokensOf = async (model: string): Promise<readonly string[]> => {
    const { address, registered, deployments, registrations } = await contracts.find(model);
    const whole = address !== null && registered === address && registrations === 1;
    const made = Array.from({ length: deployments }, () => model);
    return address === null || whole ? made : [...made, `${model}, which is registered ${registrations} times`];
  };
  return {
    environment: contracts.environment,
    rivalHome: { TOKEN_MANAGER_ADDRESS: rival.manager, MODEL_REGISTRY_ADDRESS: rival.registry },
    keepsRecords: false,
    modelId: (number) => String(number + 1),
    tokens: async (models) => (await Promise.all(models.map(tokensOf))).flat(),
    strayTokens: async () => (await rival.deployersOf()).length,
    close: () => {
      contracts.close();
      rival.close();
    },
  };
}
