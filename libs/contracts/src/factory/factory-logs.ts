import { getAddress, id } from 'ethers';
import { textsOf } from '../abi-words.js';
import { factoryInterface } from '../artifacts.js';
import { decodeOnce } from '../decode-once.js';

/** A JSON-RPC log entry. */
export interface EventLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A token was deployed. */
export interface TokenDeployedLog {
  readonly kind: 'deployed';
  readonly tokenAddress: string;
  readonly modelId: string;
  /** Caller of the factory. */
  readonly deployer: string;
  readonly mlflowRunId: string | null;
}

/** A batch skipped the model, because its token has another record. */
interface ModelConflictLog {
  readonly kind: 'conflict';
  readonly tokenAddress: string;
  readonly modelId: string;
}

export type FactoryLog = TokenDeployedLog | ModelConflictLog;

/** Returns the `eth_getLogs` topics of the `TokenDeployed` events of one model or of all. */
export function deployedTopics(modelId?: string): (string | null)[] {
  const topics = factoryInterface.encodeFilterTopics('TokenDeployed', modelId === undefined ? [] : [null, id(modelId)]);
  return topics.map((topic) => (typeof topic === 'string' ? topic : null));
}

const TOKEN_DEPLOYED = topicOf('TokenDeployed');
const MODEL_CONFLICT_SKIPPED = topicOf('ModelConflictSkipped');

/** Decodes the factory's events on models, in order. Ignores other contracts and events. */
export function readFactoryLogs(factoryAddress: string, logs: readonly EventLog[]): readonly FactoryLog[] {
  const factory = factoryAddress.toLowerCase();
  return logs.flatMap((log) => (log.address.toLowerCase() === factory ? parseLog(log) : []));
}

const parseLog = decodeOnce(decode);

function decode({ topics: [event, token, , deployer], data }: EventLog): readonly FactoryLog[] {
  if (event !== TOKEN_DEPLOYED && event !== MODEL_CONFLICT_SKIPPED) return [];
  const [modelId, mlflowRunId] = textsOf(data);
  const subject = { tokenAddress: topicToAddress(token), modelId: modelId ?? '' };
  if (event === MODEL_CONFLICT_SKIPPED) return [{ kind: 'conflict', ...subject }];
  return [{ kind: 'deployed', ...subject, deployer: topicToAddress(deployer), mlflowRunId: mlflowRunId || null }];
}

/** Reads the address in the last 20 bytes of a topic. */
function topicToAddress(topic: string | undefined): string {
  return getAddress(`0x${topic?.slice(-40)}`);
}

function topicOf(name: string): string {
  const topic = factoryInterface.getEvent(name)?.topicHash;
  if (topic === undefined) throw new Error(`the factory has no event ${name}`);
  return topic;
}
