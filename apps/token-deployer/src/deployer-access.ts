import { openChainWitness } from '#chain';
import {
  ChainConfig,
  type Environment,
  FactoryConfig,
  QueueConfig,
  readSettings,
  RedisConfig,
  SignerConfig,
} from '#config';
import { signerOf } from '#contracts';
import { BootRefused, type ChainWitness } from '#core';
import type { LedgerOptions } from '#ledger';
import { WORKER_NAME } from '#queue';
import { connected, RedisConnections } from '#redis';

/** What a command needs of the deployer that the environment configures. */
export interface DeployerAccess {
  readonly connections: RedisConnections;
  readonly ledger: LedgerOptions;
  readonly chain: ChainWitness;
  readonly network: string;
  /** EIP-55 addresses of the keys in the environment, where it holds any. */
  readonly signers: readonly string[];
}

const TOPICS = [RedisConfig, QueueConfig, ChainConfig, FactoryConfig] as const;

/**
 * Opens Redis and the chain for the time that `use` takes.
 *
 * @throws InvalidEnvironment; BootRefused for a backend whose past cannot be read; RedisUnavailable
 */
export async function withDeployer<T>(
  environment: Environment,
  use: (access: DeployerAccess) => Promise<T>,
): Promise<T> {
  if ((environment['TOKEN_BACKEND'] ?? 'factory') !== 'factory') {
    throw new BootRefused('only the tokens of TOKEN_BACKEND factory can be read back from the chain');
  }
  const settings = readSettings(environment, TOPICS);
  const [queue, chain, factory] = [settings.get(QueueConfig), settings.get(ChainConfig), settings.get(FactoryConfig)];
  const connections = RedisConnections.open(settings.get(RedisConfig), undefined, queue.queueName);
  try {
    await connected(connections.commands);
    const ledger: LedgerOptions = {
      queueName: queue.queueName,
      deployedQueueName: queue.deployedQueueName,
      chainId: chain.chainId,
      contract: factory.factoryAddress,
      // Never the name of a replica: whoever owns a lane may take it again.
      owner: `${WORKER_NAME}:command`,
      braced: connections.clustered,
    };
    const witness = openChainWitness(chain, factory);
    const signers = signersIn(environment);
    return await use({ connections, ledger, chain: witness, network: chain.networkName, signers });
  } finally {
    connections.close();
  }
}

function signersIn(environment: Environment): readonly string[] {
  const given = ['DEPLOYER_PRIVATE_KEY', 'DEPLOYER_PRIVATE_KEY_FILE'].some((name) => Boolean(environment[name]));
  if (!given) return [];
  return readSettings(environment, [SignerConfig])
    .get(SignerConfig)
    .privateKeys.map((key) => signerOf(key).address);
}
