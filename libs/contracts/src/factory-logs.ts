import { getAddress, id, type LogDescription } from 'ethers';
import { factoryInterface } from './artifacts.js';

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

/** What the factory says about models in these logs, in their order. Logs of other contracts and events are ignored. */
export function readFactoryLogs(factoryAddress: string, logs: readonly EventLog[]): readonly FactoryLog[] {
  const factory = getAddress(factoryAddress);
  return logs
    .filter((log) => log.topics.length > 0 && getAddress(log.address) === factory)
    .map((log) => factoryInterface.parseLog(log))
    .flatMap((log) => (log === null ? [] : factoryLog(log)));
}

function factoryLog({ name, args }: LogDescription): FactoryLog[] {
  const subject = { tokenAddress: String(args['token']), modelId: String(args['modelId']) };
  if (name === 'ModelConflictSkipped') return [{ kind: 'conflict', ...subject }];
  if (name !== 'TokenDeployed') return [];
  const mlflowRunId = String(args['mlflowRunId']) || null;
  return [{ kind: 'deployed', ...subject, deployer: String(args['deployer']), mlflowRunId }];
}
