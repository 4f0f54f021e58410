/**
 * The Redis keys of one queue. Leases identify messages; digests (lower-case hex SHA-1) identify the state of their
 * bytes.
 *
 * To acknowledge a claimed message, in any script: HGET `inflight` lease → bytes (absent: settled, or lease expired),
 * LREM `processing` -1 bytes, ZREM `leases` lease, HDEL `inflight` lease, HDEL `meta` digest, HDEL `stalls` digest.
 * LREM must be the first write: a full Redis accepts it. A script that moves a message puts it before it removes it.
 */
export interface QueueKeys {
  /** LIST; producers push left, the next message is at the right end. */
  readonly main: string;
  /** LIST of claimed messages, the oldest at its right end. */
  readonly processing: string;
  /** LIST of dead letters, the oldest at its right end. */
  readonly deadLetter: string;
  /** ZSET of leases by expiry in Unix milliseconds; names as in `lease-name.lua`. */
  readonly leases: string;
  /** HASH of lease → bytes of its message. */
  readonly inflight: string;
  /** HASH of digest → `deliveries attempts replays firstSeenAt claimedAt`, decimal, space-separated. */
  readonly meta: string;
  /** HASH of digest → `stalls worker`, see `stalls.lua`. Admission deletes the field. */
  readonly stalls: string;
  /** ZSET of `<lease>\n<bytes>` by due time in Unix milliseconds. The lease keeps identical bytes distinct. */
  readonly delayed: string;
  /** STRING; exists while the queue is paused. */
  readonly paused: string;
  /** HASH of what the queue is pinned to, see `QueueHome`. */
  readonly home: string;
  /** SET of `<chain id> <contract>` of the homes that the queue had. */
  readonly formerHomes: string;
  /** ZSET of swept leases by sweep time; kept for a day. */
  readonly fenced: string;
  /** `claims:<worker>` is a STRING with the number of the worker's last non-empty claim; kept for a day. */
  readonly claims: string;
  /** ZSET of digests in processing without a lease, by detection time. */
  readonly orphans: string;
  /** HASH of replica → expiry and holds. */
  readonly holds: string;
  /** HASH of hold → expiry and start, Unix milliseconds. */
  readonly holdStarts: string;
  /** STREAM of the audit trail. */
  readonly audit: string;
  /** HASH of discard record id → restoring operation id. */
  readonly restored: string;
  /** STRING: id of the active replay run. */
  readonly replayRunning: string;
  /** Prefix of a run's keys: HASH of its state, LIST of its results, SET of its replayed digests. */
  readonly replay: string;
  /** HASH of the bytes that responses stored in an hour take. Prefix of a HASH per idempotency key with its response. */
  readonly idempotency: string;
}

/** A Redis key and the type that it has where it exists. */
export type KeyType = readonly [key: string, type: string];

/** The types of a queue's keys, but for those of single workers, replays and requests. */
export function queueKeyTypes(keys: QueueKeys): readonly KeyType[] {
  return [
    ...[keys.main, keys.processing, keys.deadLetter].map((key) => [key, 'list'] as const),
    ...[keys.leases, keys.delayed, keys.fenced, keys.orphans].map((key) => [key, 'zset'] as const),
    ...[
      keys.inflight,
      keys.meta,
      keys.stalls,
      keys.home,
      keys.restored,
      keys.holds,
      keys.holdStarts,
      keys.idempotency,
    ].map((key) => [key, 'hash'] as const),
    ...[keys.paused, keys.replayRunning].map((key) => [key, 'string'] as const),
    [keys.formerHomes, 'set'],
    [keys.audit, 'stream'],
  ];
}

/** Keys of one replay run. */
export function replayKeys({ replay }: QueueKeys, id: string) {
  return { run: `${replay}:${id}`, results: `${replay}:${id}:results`, digests: `${replay}:${id}:digests` };
}

/**
 * @param braced true in Redis Cluster: the keys share the hash slot of the queue, whose name stays unchanged
 *   (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags)
 */
export function queueKeys(name: string, { braced = false }: { readonly braced?: boolean } = {}): QueueKeys {
  const prefix = ownKeyPrefix(name, braced);
  return {
    main: name,
    processing: `${prefix}:processing`,
    deadLetter: `${prefix}:dlq`,
    leases: `${prefix}:leases`,
    inflight: `${prefix}:inflight`,
    meta: `${prefix}:meta`,
    stalls: `${prefix}:stalls`,
    delayed: `${prefix}:delayed`,
    paused: `${prefix}:paused`,
    home: `${prefix}:home`,
    formerHomes: `${prefix}:former-homes`,
    fenced: `${prefix}:fenced`,
    claims: `${prefix}:claims`,
    orphans: `${prefix}:orphans`,
    holds: `${prefix}:holds`,
    holdStarts: `${prefix}:hold-starts`,
    audit: `${prefix}:audit`,
    restored: `${prefix}:restored`,
    replayRunning: `${prefix}:replay-running`,
    replay: `${prefix}:replay`,
    idempotency: `${prefix}:idempotency`,
  };
}

/** Prefix of the keys that this service adds. A queue name with a hash tag needs no braces. */
export function ownKeyPrefix(name: string, braced: boolean): string {
  return braced && !/^[^{]*\{[^}]+\}/.test(name) ? `{${name}}` : name;
}
