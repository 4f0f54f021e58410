/**
 * The Redis keys of one queue. Messages are told apart by lease, state about their bytes by digest (lower-case hex
 * SHA-1).
 *
 * To acknowledge a claimed message, in any script: HGET `inflight` lease → bytes (absent: settled before, or the lease ran
 * out), LREM `processing` -1 bytes, ZREM `leases` lease, HDEL `inflight` lease, HDEL `meta` digest, HDEL `stalls` digest.
 * LREM comes first of all writes: Redis runs it when it is out of memory.
 */
export interface QueueKeys {
  /** LIST, written by the producer at its left end; the next message is at its right end. */
  readonly main: string;
  /** LIST of claimed messages, the oldest at its right end. */
  readonly processing: string;
  /** LIST of dead letters, the oldest at its right end. */
  readonly deadLetter: string;
  /** ZSET of leases, as `lease-name.lua` names them, by expiry, Unix milliseconds of the Redis clock. */
  readonly leases: string;
  /** HASH of lease → bytes of its message. */
  readonly inflight: string;
  /** HASH of digest → `deliveries attempts replays firstSeenAt claimedAt`, decimal, separated by blanks. */
  readonly meta: string;
  /** HASH of digest → leases in a row that ran out. Whoever admits a message deletes its field. */
  readonly stalls: string;
  /** ZSET of `<lease>\n<bytes>` by the time it is due, Unix milliseconds: identical bytes stay apart. */
  readonly delayed: string;
  /** STRING; exists while the queue is paused. */
  readonly paused: string;
  /** ZSET of leases that a sweep took away, by the time it did; kept for a day. */
  readonly fenced: string;
  /** `claims:<worker>` is a STRING, the number of the worker's last claim that took messages; kept for a day. */
  readonly claims: string;
  /** ZSET of digests in processing that no lease covers, by the time of the first sight. */
  readonly orphans: string;
  /** STREAM of what operators did. */
  readonly audit: string;
  /** HASH of the audit record of a discarding → id of the operation that undid it. */
  readonly restored: string;
  /** STRING: id of the replay of many dead letters that is not over. */
  readonly replayRunning: string;
  /** Of one such replay: HASH of its state, LIST of its results, SET of the digests it has replayed. */
  readonly replay: string;
  /** HASH for each idempotency key: how its request was answered. */
  readonly idempotency: string;
}

/** Keys of one replay of many dead letters. */
export function replayKeys({ replay }: QueueKeys, id: string) {
  return { run: `${replay}:${id}`, results: `${replay}:${id}:results`, digests: `${replay}:${id}:digests` };
}

/**
 * @param braced true in Redis Cluster: the keys then share the slot of the queue, whose own name stays as the producer
 *   knows it (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags)
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
    fenced: `${prefix}:fenced`,
    claims: `${prefix}:claims`,
    orphans: `${prefix}:orphans`,
    audit: `${prefix}:audit`,
    restored: `${prefix}:restored`,
    replayRunning: `${prefix}:replay-running`,
    replay: `${prefix}:replay`,
    idempotency: `${prefix}:idempotency`,
  };
}

/** What the keys that this service adds to a queue begin with. A name with a hash tag of its own needs no braces around it. */
export function ownKeyPrefix(name: string, braced: boolean): string {
  return braced && !/^[^{]*\{[^}]+\}/.test(name) ? `{${name}}` : name;
}
