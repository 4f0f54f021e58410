import { getAddress, id } from 'ethers';
import { textsOf } from '../abi-words.js';
import { factoryInterface } from '../artifacts.js';

/** A log entry as JSON-RPC gives it. */
export interface EventLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A token came into being. */
export interface TokenDeployedLog {
  readonly kind: 'deployed';
  readonly tokenAddress: string;
  readonly modelId: string;
  /** Who called the factory. */
  readonly deployer: string;
  readonly mlflowRunId: string | null;
}

/** A batch left the model out, because its token has another record. */
interface ModelConflictLog {
  readonly kind: 'conflict';
  readonly tokenAddress: string;
  readonly modelId: string;
}

export type FactoryLog = TokenDeployedLog | ModelConflictLog;

/** Topics for `eth_getLogs` that match the one `TokenDeployed` of a model, or every one without a model. */
export function deployedTopics(modelId?: string): (string | null)[] {
  const topics = factoryInterface.encodeFilterTopics('TokenDeployed', modelId === undefined ? [] : [null, id(modelId)]);
  return topics.map((topic) => (typeof topic === 'string' ? topic : null));
}

const TOKEN_DEPLOYED = topicOf('TokenDeployed');
const MODEL_CONFLICT_SKIPPED = topicOf('ModelConflictSkipped');

/** What the factory says about models in these logs, in their order. Logs of other contracts and events are ignored. */
export function readFactoryLogs(factoryAddress: string, logs: readonly EventLog[]): readonly FactoryLog[] {
  const factory = factoryAddress.toLowerCase();
  return logs.flatMap((log) => (log.address.toLowerCase() === factory ? parseLog(log) : []));
}

function parseLog({ topics: [event, token, , deployer], data }: EventLog): FactoryLog[] {
  if (event !== TOKEN_DEPLOYED && event !== MODEL_CONFLICT_SKIPPED) return [];
  const [modelId, mlflowRunId] = textsOf(data);
  const subject = { tokenAddress: topicToAddress(token), modelId: modelId ?? '' };
  if (event === MODEL_CONFLICT_SKIPPED) return [{ kind: 'conflict', ...subject }];
  return [{ kind: 'deployed', ...subject, deployer: topicToAddress(deployer), mlflowRunId: mlflowRunId || null }];
}

/** An address stands in the last 20 bytes of its topic. */
function topicToAddress(topic: string | undefined): string {
  return getAddress(`0x${topic?.slice(-40)}`);
}

function topicOf(name: string): string {
  const topic = factoryInterface.getEvent(name)?.topicHash;
  if (topic === undefined) throw new Error(`the factory has no event ${name}`);
  return topic;
}
