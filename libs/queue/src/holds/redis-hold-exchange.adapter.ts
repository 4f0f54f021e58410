import { type Hold, HOLD_REASONS, HoldExchange, holdKey, type ReplicaHolds, type SharedHolds } from '#core';
import { LuaScript, type RedisConnections } from '#redis';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { fields, list } from '../replies.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/exchange-holds.lua', import.meta.url),
);

const EXPIRES_AFTER_MS = 15_000;
/** Survives the restart of the only replica. */
const FORGET_AFTER_MS = 120_000;
/** The replicas exchange every second. */
const FORGET_ENDED_AFTER_MS = 5_000;

/** Shares the holds in two hashes: by replica, and the starts by hold. */
export class RedisHoldExchange extends HoldExchange {
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
  }

  /** @throws RedisUnavailableError */
  override async exchange(own: ReplicaHolds, ended: readonly string[]): Promise<SharedHolds> {
    const { replica, ...shared } = own;
    const keys = [...new Set(own.holds.map((hold) => holdKey(hold)))];
    const times = [EXPIRES_AFTER_MS, JSON.stringify(shared), FORGET_AFTER_MS, FORGET_ENDED_AFTER_MS];
    const args = [replica, ...times, keys.length, ...keys, ...ended];
    const [replicas, since] = list(await SCRIPT.run(this.redis.http, [this.keys.holds, this.keys.holdStarts], args));
    return {
      replicas: [...fields(replicas)].map(([name, encoded]) => ({ replica: name, ...decode(encoded) })),
      since: new Map([...fields(since)].map(([key, at]) => [key, Number(at)])),
    };
  }
}

/** Skips what it cannot read: another version of the service may know other reasons. */
function decode(encoded: string): Omit<ReplicaHolds, 'replica'> {
  const shared = parse(encoded);
  if (!isObject(shared)) return { standby: false, holds: [] };
  const holds: readonly unknown[] = Array.isArray(shared['holds']) ? shared['holds'] : [];
  return { standby: shared['standby'] === true, holds: holds.filter((hold) => isHold(hold)) };
}

function parse(encoded: string): unknown {
  try {
    return JSON.parse(encoded);
  } catch {
    return null;
  }
}

function isHold(value: unknown): value is Hold {
  if (!isObject(value)) return false;
  const { reason, detail, since, lane, pauses } = value;
  return (
    HOLD_REASONS.some((known) => known === reason) &&
    typeof detail === 'string' &&
    typeof since === 'number' &&
    (lane === null || typeof lane === 'string') &&
    typeof pauses === 'boolean'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
