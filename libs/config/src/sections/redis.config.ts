import { Env } from '../env/env.decorator.js';
import { type ConfigProblem, configProblems } from '../env/environment.js';
import { optional, identifier } from '../env/env-parser.js';
import { integer, seconds } from '../env/number-parsers.js';
import { secretText, secretUrl } from '../env/secret-parsers.js';
import { certificates, type HostPort, hostPorts, isKeyOf, pemPrivateKey } from '../env/server-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/** The connections to Redis: one server, the master that sentinels name, or a cluster. */
export class RedisConfig extends ConfigBase {
  @Env('REDIS_URL', {
    format: secretUrl(['redis', 'rediss']),
    default: 'redis://localhost:6379/0',
    description:
      'URL of Redis, with user, password and database; `rediss://` for TLS. With Sentinel or Cluster, host and port are ignored; user, password, database and TLS apply.',
    secret: true,
  })
  readonly url!: string;

  @Env('REDIS_CONNECT_TIMEOUT', {
    format: seconds({ min: 0.1, max: 60 }),
    default: '5',
    description: 'Connect timeout in seconds.',
  })
  readonly connectTimeoutMs!: number;

  @Env('REDIS_COMMAND_TIMEOUT', {
    format: seconds({ min: 0.1, max: 60 }),
    default: '5',
    description: 'Command timeout in seconds.',
  })
  readonly commandTimeoutMs!: number;

  @Env('REDIS_WAIT_REPLICAS', {
    format: integer({ min: 0, max: 10 }),
    default: '0',
    description:
      'Number of Redis replicas that must have a signed transaction before it is sent, so that a failover loses none.',
  })
  readonly waitReplicas!: number;

  @Env('REDIS_WAIT_TIMEOUT', {
    format: seconds({ min: 0.01, max: 30 }),
    default: '1',
    description: 'Timeout for these replicas in seconds. The transaction is sent only after a later check succeeds.',
  })
  readonly waitTimeoutMs!: number;

  @Env('REDIS_SENTINELS', {
    format: optional(hostPorts()),
    default: null,
    description: 'Sentinels that name the master: `host:port`, comma-separated.',
  })
  readonly sentinels!: readonly HostPort[] | null;

  @Env('REDIS_SENTINEL_MASTER', {
    format: optional(identifier(200)),
    default: null,
    description: 'Name of the master in Sentinel.',
  })
  readonly sentinelMaster!: string | null;

  @Env('REDIS_SENTINEL_PASSWORD', {
    format: optional(secretText()),
    default: null,
    description: 'Password of the sentinels themselves.',
    secret: true,
  })
  readonly sentinelPassword!: string | null;

  @Env('REDIS_CLUSTER_NODES', {
    format: optional(hostPorts()),
    default: null,
    description: 'Nodes of a Redis Cluster, preferably all: `host:port`, comma-separated.',
  })
  readonly clusterNodes!: readonly HostPort[] | null;

  @Env('REDIS_TLS_CA', {
    format: optional(certificates()),
    default: null,
    description:
      'PEM file of the certificate authorities that may sign the certificate of Redis. Default: the public ones.',
    secret: true,
  })
  readonly tlsCa!: string | null;

  @Env('REDIS_TLS_CERT', {
    format: optional(certificates()),
    default: null,
    description: 'Client certificate in PEM, with its chain.',
    secret: true,
  })
  readonly tlsCert!: string | null;

  @Env('REDIS_TLS_KEY', {
    format: optional(pemPrivateKey()),
    default: null,
    description: 'Private key of `REDIS_TLS_CERT` in PEM.',
    secret: true,
  })
  readonly tlsKey!: string | null;

  @Env('REDIS_TLS_SERVERNAME', {
    format: optional(identifier(255)),
    default: null,
    description: 'Expected server name in the certificate of Redis. Default: the host.',
  })
  readonly tlsServername!: string | null;

  override crossFieldIssues(): readonly ConfigProblem[] {
    const waitsTooLong = this.waitReplicas > 0 && this.waitTimeoutMs >= this.commandTimeoutMs;
    const replication = configProblems([
      waitsTooLong,
      'REDIS_WAIT_TIMEOUT',
      'must be shorter than REDIS_COMMAND_TIMEOUT',
    ]);
    return [...this.topologyIssues(), ...this.tlsIssues(), ...replication];
  }

  private topologyIssues(): readonly ConfigProblem[] {
    const { sentinels, sentinelMaster, sentinelPassword, clusterNodes } = this;
    const withoutSentinels = 'must not be set without REDIS_SENTINELS';
    const namesDatabase = !['', '/', '/0'].includes(new URL(this.url).pathname);
    return configProblems(
      [sentinels && clusterNodes, 'REDIS_CLUSTER_NODES', 'must not be set together with REDIS_SENTINELS'],
      [sentinels && !sentinelMaster, 'REDIS_SENTINEL_MASTER', 'is required together with REDIS_SENTINELS'],
      [!sentinels && sentinelMaster, 'REDIS_SENTINEL_MASTER', withoutSentinels],
      [!sentinels && sentinelPassword, 'REDIS_SENTINEL_PASSWORD', withoutSentinels],
      [clusterNodes && namesDatabase, 'REDIS_URL', 'must name no database but 0 with REDIS_CLUSTER_NODES'],
    );
  }

  private tlsIssues(): readonly ConfigProblem[] {
    const { tlsCa, tlsCert, tlsKey, tlsServername } = this;
    const withoutTls = 'must not be set unless REDIS_URL starts with rediss://';
    const plain = !this.url.startsWith('rediss://');
    return configProblems(
      [plain && tlsCa, 'REDIS_TLS_CA', withoutTls],
      [plain && tlsCert, 'REDIS_TLS_CERT', withoutTls],
      [plain && tlsServername, 'REDIS_TLS_SERVERNAME', withoutTls],
      [tlsCert && !tlsKey, 'REDIS_TLS_KEY', 'is required together with REDIS_TLS_CERT'],
      [tlsKey && !tlsCert, 'REDIS_TLS_CERT', 'is required together with REDIS_TLS_KEY'],
      [tlsCert && tlsKey && !isKeyOf(tlsCert, tlsKey), 'REDIS_TLS_KEY', 'must be the key of REDIS_TLS_CERT'],
    );
  }
}
