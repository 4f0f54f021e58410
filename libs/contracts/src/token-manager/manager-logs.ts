import { getAddress, id, type Interface, type LogDescription } from 'ethers';
import type { EventLog } from '../factory-logs.js';
import { managerInterface, registryInterface } from './interfaces.js';

/** The manager has made a token. The model id itself is not in the event, only its hash. */
export interface ManagedTokenLog {
  /** Keccak-256 of the model id. */
  readonly modelKey: string;
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
export function managedTokenTopics(modelId?: string): string[] {
  return textTopics(managerInterface, 'TokenDeployed', modelId === undefined ? [] : [modelId]);
}

/** Topics for `eth_getLogs` that match every `ModelRegistered` of a model with this token, or every one without both. */
export function registrationTopics(...modelAndToken: readonly [modelId: string, tokenAddress: string] | []): string[] {
  return textTopics(registryInterface, 'ModelRegistered', modelAndToken);
}

/** The tokens that the manager made according to these logs, in their order. */
export function readManagedTokens(managerAddress: string, logs: readonly EventLog[]): readonly ManagedTokenLog[] {
  return logsOf(managerInterface, managerAddress, logs)
    .filter(({ name }) => name === 'TokenDeployed')
    .map(({ args }) => ({
      modelKey: String(hashOf(args['modelId'])),
      tokenAddress: String(args['tokenAddress']),
      deployer: String(args['deployer']),
      name: String(args['name']),
    }));
}

/** What the registry lists according to these logs, in their order. */
export function readRegistrations(registryAddress: string, logs: readonly EventLog[]): readonly RegistrationLog[] {
  return logsOf(registryInterface, registryAddress, logs)
    .filter(({ name }) => name === 'ModelRegistered')
    .map(({ args }) => ({ modelId: String(args['modelId']), tokenAddress: String(args['tokenAddress']) }));
}

/** The token that the manager made for a model according to these logs; null when they do not say. */
export function findManagedToken(
  managerAddress: string,
  modelId: string,
  logs: readonly EventLog[],
): ManagedTokenLog | null {
  const modelKey = id(modelId);
  return readManagedTokens(managerAddress, logs).find((log) => log.modelKey === modelKey) ?? null;
}

/** The token with which the registry lists a model according to these logs, EIP-55; null when they do not say. */
export function findRegistration(registryAddress: string, modelId: string, logs: readonly EventLog[]): string | null {
  return readRegistrations(registryAddress, logs).find((log) => log.modelId === modelId)?.tokenAddress ?? null;
}

function logsOf(contract: Interface, address: string, logs: readonly EventLog[]): readonly LogDescription[] {
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

function textTopics(contract: Interface, event: string, values: readonly string[]): string[] {
  return contract.encodeFilterTopics(event, [...values]).flatMap((topic) => (typeof topic === 'string' ? [topic] : []));
}
