import { getAddress, id, type Interface, type LogDescription } from 'ethers';
import type { EventLog } from '../factory-logs.js';
import { managerInterface, registryInterface } from './interfaces.js';

/** The manager has made a token. The model id itself is not in the event, only its hash. */
export interface ManagedTokenLog {
  /** EIP-55. */
  readonly tokenAddress: string;
  /** Who called the manager; EIP-55. */
  readonly deployer: string;
}

/** Topics for `eth_getLogs` that match the one `TokenDeployed` of a model. */
export function managedTokenTopics(modelId: string): string[] {
  return textTopics(managerInterface, 'TokenDeployed', [modelId]);
}

/** Topics for `eth_getLogs` that match every `ModelRegistered` of a model with this token. */
export function registrationTopics(modelId: string, tokenAddress: string): string[] {
  return textTopics(registryInterface, 'ModelRegistered', [modelId, tokenAddress]);
}

/** The token that the manager made for a model according to these logs; null when they do not say. */
export function findManagedToken(
  managerAddress: string,
  modelId: string,
  logs: readonly EventLog[],
): ManagedTokenLog | null {
  const log = logsOf(managerInterface, managerAddress, logs).find(
    ({ name, args }) => name === 'TokenDeployed' && hashOf(args['modelId']) === id(modelId),
  );
  return log ? { tokenAddress: String(log.args['tokenAddress']), deployer: String(log.args['deployer']) } : null;
}

/** The token with which the registry lists a model according to these logs, EIP-55; null when they do not say. */
export function findRegistration(registryAddress: string, modelId: string, logs: readonly EventLog[]): string | null {
  const log = logsOf(registryInterface, registryAddress, logs).find(
    ({ name, args }) => name === 'ModelRegistered' && String(args['modelId']) === modelId,
  );
  return log ? String(log.args['tokenAddress']) : null;
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
