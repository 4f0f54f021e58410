/** Address of a server. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Settings of a connection. `RedisConfig` satisfies them; omitted ones are disabled. */
export interface RedisSettings {
  /** `redis://` or `rediss://`, optionally with ACL user and password. */
  readonly url: string;
  /** Connect timeout in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Command timeout in milliseconds, after which the socket is closed. */
  readonly commandTimeoutMs: number;
  /** Sentinel addresses. Host and port of the URL are then ignored. */
  readonly sentinels?: readonly HostPort[] | null;
  /** Name of the Sentinel master. */
  readonly sentinelMaster?: string | null;
  readonly sentinelPassword?: string | null;
  /** Nodes of a Redis Cluster. Host and port of the URL are then ignored. */
  readonly clusterNodes?: readonly HostPort[] | null;
  /** PEM files for `rediss://`: the CA, and the client's certificate and key. */
  readonly tlsCa?: string | null;
  readonly tlsCert?: string | null;
  readonly tlsKey?: string | null;
  /** Server name of the certificate. Default: the host. */
  readonly tlsServername?: string | null;
}
