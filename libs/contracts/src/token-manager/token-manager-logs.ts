import { id, type Interface, type LogDescription, type Result } from 'ethers';
import { decodeOnce } from '../decode-once.js';
import type { EventLog } from '../factory/factory-logs.js';
import { managerInterface, registryInterface } from './interfaces.js';

/** The manager deployed a token. The event has only the hash of the model id. */
export interface TokenManagerDeploymentLog {
  /** Keccak-256 of the model id. */
  readonly modelIdHash: string;
  /** EIP-55. */
  readonly tokenAddress: string;
  /** Caller of the manager; EIP-55. */
  readonly deployer: string;
  /** The token's ERC-20 name. Empty when it is no UTF-8. */
  readonly name: string;
}

/** A model was registered. */
export interface RegistrationLog {
  /** Decimal digits. */
  readonly modelId: string;
  /** EIP-55. */
  readonly tokenAddress: string;
}

/** Returns the `eth_getLogs` topics of the `TokenDeployed` events of one model or of all. */
export function tokenManagerDeploymentTopics(modelId?: string): string[] {
  return stringTopics(managerInterface, 'TokenDeployed', modelId === undefined ? [] : [modelId]);
}

/** Returns the `eth_getLogs` topics of the `ModelRegistered` events of one model and token or of all. */
export function registrationTopics(...modelAndToken: readonly [modelId: string, tokenAddress: string] | []): string[] {
  return stringTopics(registryInterface, 'ModelRegistered', modelAndToken);
}

/** Decodes the manager's deployment events, in order. */
export function readTokenManagerDeployments(
  managerAddress: string,
  logs: readonly EventLog[],
): readonly TokenManagerDeploymentLog[] {
  return parseLogs(parseManagerLog, managerAddress, logs)
    .filter(({ name }) => name === 'TokenDeployed')
    .map(({ args }) => ({
      modelIdHash: String(hashOf(args['modelId'])),
      tokenAddress: String(args['tokenAddress']),
      deployer: String(args['deployer']),
      name: nameOf(args),
    }));
}

/** Decodes the registry's registration events, in order. */
export function readRegistrations(registryAddress: string, logs: readonly EventLog[]): readonly RegistrationLog[] {
  return parseLogs(parseRegistryLog, registryAddress, logs)
    .filter(({ name }) => name === 'ModelRegistered')
    .map(({ args }) => ({ modelId: String(args['modelId']), tokenAddress: String(args['tokenAddress']) }));
}

/** Returns the deployment of a model in these logs, or null. */
export function findTokenManagerDeployment(
  managerAddress: string,
  modelId: string,
  logs: readonly EventLog[],
): TokenManagerDeploymentLog | null {
  const modelKey = id(modelId);
  return readTokenManagerDeployments(managerAddress, logs).find((log) => log.modelIdHash === modelKey) ?? null;
}

/** Returns the token that was registered for a model in these logs, EIP-55, or null. */
export function findRegistration(registryAddress: string, modelId: string, logs: readonly EventLog[]): string | null {
  return readRegistrations(registryAddress, logs).find((log) => log.modelId === modelId)?.tokenAddress ?? null;
}

const parseManagerLog = decodeOnce((log: EventLog) => managerInterface.parseLog(log));
const parseRegistryLog = decodeOnce((log: EventLog) => registryInterface.parseLog(log));

function parseLogs(
  parse: (log: EventLog) => LogDescription | null,
  address: string,
  logs: readonly EventLog[],
): readonly LogDescription[] {
  const wanted = address.toLowerCase();
  return logs
    .filter((log) => log.topics.length > 0 && log.address.toLowerCase() === wanted)
    .map(parse)
    .filter((log) => log !== null);
}

/** ethers throws for a string that is no UTF-8, when it is read. The deployer chose the name. */
function nameOf(args: Result): string {
  try {
    return String(args['name']);
  } catch {
    return '';
  }
}

/** ethers returns an indexed string as an object with its hash. */
function hashOf(indexed: unknown): unknown {
  return typeof indexed === 'object' && indexed !== null ? Reflect.get(indexed, 'hash') : undefined;
}

function stringTopics(contract: Interface, event: string, values: readonly string[]): string[] {
  return contract.encodeFilterTopics(event, [...values]).flatMap((topic) => (typeof topic === 'string' ? [topic] : []));
}
