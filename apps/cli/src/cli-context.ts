import { BACKEND_TOPICS, type BackendSettings, openChainWitness, tokenContracts } from '#chain';
import {
  BackendConfig,
  ChainConfig,
  type Environment,
  QueueConfig,
  readSettings,
  RedisConfig,
  SignerConfig,
} from '#config';
import { openAllSigners } from '#signing';
import type { ChainStateReader, DeploymentRecord } from '#core';
import type { LedgerOptions } from '#ledger';
import type { DeploymentSite } from '#messages';
import { WORKER_NAME } from '#queue';
import { waitUntilReady, RedisConnections } from '#redis';

/** Dependencies of a command, built from the environment. */
export interface CliContext {
  readonly connections: RedisConnections;
  readonly ledger: LedgerOptions;
  readonly chain: ChainStateReader;
  readonly site: DeploymentSite;
  /** Where messages have their model id. */
  readonly modelIdSource: string;
  /** EIP-55 addresses of the configured keys; empty without keys. */
  readonly signers: readonly string[];
  /** EIP-55 addresses of the queue's former contracts. */
  readonly formerContracts: readonly string[];
}

const [FACTORY, MANAGER] = BACKEND_TOPICS;
const TOPICS = [RedisConfig, QueueConfig, ChainConfig, BackendConfig, FACTORY, MANAGER] as const;

/**
 * Runs `use` with open Redis connections and closes them afterwards.
 *
 * @throws ConfigValidationError; RedisUnavailableError
 */
export async function withCliContext<T>(environment: Environment, use: (access: CliContext) => Promise<T>): Promise<T> {
  const settings = readSettings(environment, TOPICS);
  const [queue, chain] = [settings.get(QueueConfig), settings.get(ChainConfig)];
  const backend: BackendSettings = [settings.find(FACTORY), settings.find(MANAGER)];
  const contracts = tokenContracts(...backend);
  const { contract } = contracts;
  const connections = RedisConnections.open(settings.get(RedisConfig), undefined, queue.queueName);
  try {
    await waitUntilReady(connections.commands);
    const ledger: LedgerOptions = {
      queueName: queue.queueName,
      deployedQueueName: queue.deployedQueueName,
      deployedFullQueueName: queue.deployedFullQueueName,
      chainId: chain.chainId,
      contract,
      // Must differ from every replica's name: an owner may reacquire its lane.
      owner: `${WORKER_NAME}:command`,
      braced: connections.clustered,
    };
    const nameOf = (record: DeploymentRecord): string => contracts.nameOf(record);
    const site: DeploymentSite = {
      network: chain.networkName,
      hokusaiNetwork: chain.hokusaiNetwork,
      hasFullEventList: queue.deployedFullQueueName !== null,
      chainId: chain.chainId,
      contract,
      nameOf,
    };
    const witness = openChainWitness(chain, ...backend);
    const { formerFactories, formerTokenManagers } = settings.get(BackendConfig);
    return await use({
      connections,
      ledger,
      chain: witness,
      site,
      modelIdSource: queue.modelIdSource,
      signers: await signersIn(environment),
      formerContracts: [...(formerFactories ?? []), ...(formerTokenManagers ?? [])],
    });
  } finally {
    connections.close();
  }
}

async function signersIn(environment: Environment): Promise<readonly string[]> {
  const names = ['DEPLOYER_PRIVATE_KEY', 'DEPLOYER_SIGNERS'].flatMap((name) => [name, `${name}_FILE`]);
  if (!names.some((name) => Boolean(environment[name]))) return [];
  const { sources, signerTimeoutMs } = readSettings(environment, [SignerConfig]).get(SignerConfig);
  const signers = await openAllSigners(sources, signerTimeoutMs);
  return signers.map(({ address }) => address);
}
