/** Where a server listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What a connection needs to know. Satisfied by `RedisConfig`; what is left out is not wanted. */
export interface RedisSettings {
  /** `redis://` or `rediss://`, with ACL user and password where the server wants them. */
  readonly url: string;
  /** Milliseconds until an attempt to connect is given up and another begins. */
  readonly connectTimeoutMs: number;
  /** Milliseconds until a command without reply counts as failed; its socket is given up with it. */
  readonly commandTimeoutMs: number;
  /** Those who know where the master is; host and port of the URL then count for nothing. */
  readonly sentinels?: readonly HostPort[] | null;
  /** The name under which the sentinels know the master. */
  readonly sentinelMaster?: string | null;
  readonly sentinelPassword?: string | null;
  /** Nodes of a Redis Cluster; host and port of the URL then count for nothing. */
  readonly clusterNodes?: readonly HostPort[] | null;
  /** With `rediss://`, in PEM: who may sign the server's certificate, and this client's certificate and key. */
  readonly tlsCa?: string | null;
  readonly tlsCert?: string | null;
  readonly tlsKey?: string | null;
  /** The name in the server's certificate, where it is not the host's. */
  readonly tlsServername?: string | null;
}
