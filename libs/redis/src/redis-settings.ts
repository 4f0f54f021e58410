/** What a connection needs to know. Satisfied by `RedisConfig`. */
export interface RedisSettings {
  /** `redis://` or `rediss://`, with ACL user and password where the server wants them. */
  readonly url: string;
  /** Milliseconds until an attempt to connect is given up and another begins. */
  readonly connectTimeoutMs: number;
  /** Milliseconds until a command without reply counts as failed; its socket is given up with it. */
  readonly commandTimeoutMs: number;
}
