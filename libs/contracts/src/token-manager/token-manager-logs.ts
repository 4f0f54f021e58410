import { getAddress, id, type Interface, type LogDescription } from 'ethers';
import type { EventLog } from '../factory/factory-logs.js';
import { managerInterface, registryInterface } from './interfaces.js';

/** The manager has made a token. The model id itself is not in the event, only its hash. */
export interface TokenManagerDeploymentLog {
  /** Keccak-256 of the model id. */
  readonly modelIdHash: string;
  /** EIP-55. */
  readonly tokenAddress: string;
  /** Who called the manager; EIP-55. */
  readonly deployer: string;
  /** The token's ERC-20 name. */
  readonly name: string;
}

/** The registry lists a model. */
export interface RegistrationLog {
  /** Decimal digits. */
  readonly modelId: string;
  /** EIP-55. */
  readonly tokenAddress: string;
}

/** Topics for `eth_getLogs` that match the one `TokenDeployed` of a model, or every one without a model. */
export function tokenManagerDeploymentTopics(modelId?: string): string[] {
  return stringTopics(managerInterface, 'TokenDeployed', modelId === undefined ? [] : [modelId]);
}

/** Topics for `eth_getLogs` that match every `ModelRegistered` of a model with this token, or every one without both. */
export function registrationTopics(...modelAndToken: readonly [modelId: string, tokenAddress: string] | []): string[] {
  return stringTopics(registryInterface, 'ModelRegistered', modelAndToken);
}

/** The tokens that the manager made according to these logs, in their order. */
export function readTokenManagerDeployments(
  managerAddress: string,
  logs: readonly EventLog[],
): readonly TokenManagerDeploymentLog[] {
  return parseLogs(managerInterface, managerAddress, logs)
    .filter(({ name }) => name === 'TokenDeployed')
    .map(({ args }) => ({
      modelIdHash: String(hashOf(args['modelId'])),
      tokenAddress: String(args['tokenAddress']),
      deployer: String(args['deployer']),
      name: String(args['name']),
    }));
}

/** What the registry lists according to these logs, in their order. */
export function readRegistrations(registryAddress: string, logs: readonly EventLog[]): readonly RegistrationLog[] {
  return parseLogs(registryInterface, registryAddress, logs)
    .filter(({ name }) => name === 'ModelRegistered')
    .map(({ args }) => ({ modelId: String(args['modelId']), tokenAddress: String(args['tokenAddress']) }));
}

/** The token that the manager made for a model according to these logs; null when they do not say. */
export function findTokenManagerDeployment(
  managerAddress: string,
  modelId: string,
  logs: readonly EventLog[],
): TokenManagerDeploymentLog | null {
  const modelKey = id(modelId);
  return readTokenManagerDeployments(managerAddress, logs).find((log) => log.modelIdHash === modelKey) ?? null;
}

/** The token with which the registry lists a model according to these logs, EIP-55; null when they do not say. */
export function findRegistration(registryAddress: string, modelId: string, logs: readonly EventLog[]): string | null {
  return readRegistrations(registryAddress, logs).find((log) => log.modelId === modelId)?.tokenAddress ?? null;
}

function parseLogs(contract: Interface, address: string, logs: readonly EventLog[]): readonly LogDescription[] {
  const wanted = getAddress(address);
  return logs
    .filter((log) => log.topics.length > 0 && getAddress(log.address) === wanted)
    .map((log) => contract.parseLog(log))
    .filter((log) => log !== null);
}

/** ethers gives an indexed string as an object that holds its hash. */
function hashOf(indexed: unknown): unknown {
  return typeof indexed === 'object' && indexed !== null ? Reflect.get(indexed, 'hash') : undefined;
}

function stringTopics(contract: Interface, event: string, values: readonly string[]): string[] {
  return contract.encodeFilterTopics(event, [...values]).flatMap((topic) => (typeof topic === 'string' ? [topic] : []));
}
