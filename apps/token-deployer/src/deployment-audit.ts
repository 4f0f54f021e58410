import { auditInvariants, type AuditReport, type AuditScope } from '#audit';
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
import { type LedgerOptions, RedisLedgerWitness } from '#ledger';
import { WORKER_NAME } from '#queue';
import { connected, RedisConnections } from '#redis';

/** How strictly to audit; every flag is false without. See `AuditScope`. */
export type AuditOptions = Partial<Pick<AuditScope, 'quiescent' | 'eventsKept' | 'distinctMessages'>> & {
  /** Milliseconds between the two looks at a service that is at work. */
  readonly settlingMs?: number;
};

const TOPICS = [RedisConfig, QueueConfig, ChainConfig, FactoryConfig] as const;

/**
 * The invariants of one deployer, checked against its Redis and its chain: for the command `audit`, and as the last check
 * of tests. Reads only; a private key is not needed.
 *
 * @param environment what the service was configured with
 * @throws InvalidEnvironment; RedisUnavailable or Held when one of the two cannot be read
 */
export async function auditDeployment(environment: Environment, options: AuditOptions = {}): Promise<AuditReport> {
  const settings = readSettings(environment, TOPICS);
  const [queue, chain, backend] = [settings.get(QueueConfig), settings.get(ChainConfig), settings.get(FactoryConfig)];
  const connections = RedisConnections.open(settings.get(RedisConfig), undefined, queue.queueName);
  try {
    await connected(connections.commands);
    const ledger: LedgerOptions = {
      queueName: queue.queueName,
      deployedQueueName: queue.deployedQueueName,
      chainId: chain.chainId,
      contract: backend.factoryAddress,
      owner: WORKER_NAME,
      braced: connections.clustered,
    };
    const scope: AuditScope = {
      ledger: new RedisLedgerWitness(connections, ledger),
      chain: openChainWitness(chain, backend),
      chainId: chain.chainId,
      contract: backend.factoryAddress,
      signers: signersIn(environment),
      quiescent: options.quiescent ?? false,
      eventsKept: options.eventsKept ?? false,
      distinctMessages: options.distinctMessages ?? false,
    };
    return await auditInvariants(scope, options.settlingMs);
  } finally {
    connections.close();
  }
}

/** The addresses that the environment has keys for, where it has any. */
function signersIn(environment: Environment): readonly string[] {
  const given = ['DEPLOYER_PRIVATE_KEY', 'DEPLOYER_PRIVATE_KEY_FILE'].some((name) => Boolean(environment[name]));
  if (!given) return [];
  return readSettings(environment, [SignerConfig])
    .get(SignerConfig)
    .privateKeys.map((key) => signerOf(key).address);
}
