import type {
  CircuitState,
  ClosedSlot,
  SpendBudget,
  SpendCharge,
  SpendPolicy,
  SpendState,
  SpendWindow,
  TransactionOutcome,
  VersionedPolicy,
} from '#core';
import { POLICY_FIELDS } from '#core';
import type { ScriptArgument } from '#redis';
import { HashReader } from './hash-reader.js';
import { hashReply, integerReply, listReply, textReply } from './reply.codec.js';

const GWEI = 1_000_000_000n;

/** As in `spend.lua`. */
const WINDOWS = {
  ether_per_hour: { prefix: 'gwei:minute:', widthMs: 60_000, buckets: 60, unit: GWEI },
  ether_per_day: { prefix: 'gwei:hour:', widthMs: 3_600_000, buckets: 24, unit: GWEI },
  tokens_per_hour: { prefix: 'tokens:minute:', widthMs: 60_000, buckets: 60, unit: 1n },
} as const satisfies Readonly<Record<SpendBudget, unknown>>;

/** Encodes a charge as six arguments, see `reserve-spend.lua`. Rounds costs up and budgets down to gwei. */
export function encodeCharge(charge: SpendCharge | undefined): readonly ScriptArgument[] {
  if (charge === undefined) return ['', '', '', '', '', ''];
  const { cost, tokens, policy } = charge;
  const { version, spendPerHour, spendPerDay, tokensPerHour } = policy;
  const budgets = [spendPerHour === null ? '' : spendPerHour / GWEI, spendPerDay === null ? '' : spendPerDay / GWEI];
  return [version, roundUp(cost), tokens, ...budgets, tokensPerHour ?? ''].map(String);
}

/** Encodes what a slot cost as two arguments of `settle-jobs.lua`. */
export function encodeCost({ spent }: ClosedSlot): readonly ScriptArgument[] {
  return spent === undefined ? ['', ''] : [String(roundUp(spent.cost)), spent.tokens];
}

/** Encodes an outcome as four arguments of `record-outcomes.lua`. */
export function encodeOutcome(outcome: TransactionOutcome): readonly ScriptArgument[] {
  const { lane, nonce, hash, succeeded, costPerToken } = outcome;
  const cost = costPerToken === null ? '' : String(roundUp(costPerToken));
  return [`${lane}:${nonce}`, hash, succeeded ? 'succeeded' : 'failed', cost];
}

export function encodePolicy(policy: SpendPolicy): readonly string[] {
  return POLICY_FIELDS.flatMap((field) => [field, policy[field]?.toString() ?? '']);
}

export function decodeSpendState(reply: unknown): SpendState {
  const [policy, spent, gwei, tokens, now, circuit, probing] = listReply(reply);
  const reservedCost = BigInt(textReply(gwei)) * GWEI;
  const fields = hashReply(spent);
  const at = integerReply(now);
  return {
    policy: decodePolicy(hashReply(policy)),
    windows: {
      ether_per_hour: decodeWindow('ether_per_hour', fields, reservedCost, at),
      ether_per_day: decodeWindow('ether_per_day', fields, reservedCost, at),
      tokens_per_hour: decodeWindow('tokens_per_hour', fields, BigInt(textReply(tokens)), at),
    },
    circuit: decodeCircuit(hashReply(circuit), integerReply(probing) === 1, at),
  };
}

function decodePolicy(hash: ReadonlyMap<string, string>): VersionedPolicy | null {
  if (hash.size === 0) return null;
  const fields = new HashReader('policy', hash);
  const orNull = (name: (typeof POLICY_FIELDS)[number]): bigint | null =>
    hash.get(name) === '' ? null : fields.bigint(name);
  return {
    version: fields.integer('version'),
    spendPerHour: orNull('spendPerHour'),
    spendPerDay: orNull('spendPerDay'),
    gasPerToken: orNull('gasPerToken'),
    tokensPerHour: orNull('tokensPerHour'),
    maxFeePerGas: fields.bigint('maxFeePerGas'),
    maxPriorityFeePerGas: fields.bigint('maxPriorityFeePerGas'),
  };
}

function decodeCircuit(hash: ReadonlyMap<string, string>, isProbing: boolean, now: number): CircuitState | null {
  if (!hash.has('openedAt')) return null;
  const fields = new HashReader('circuit', hash);
  const probeAt = fields.integer('probeAt');
  const isCost = fields.text('cause') === 'cost';
  return {
    openedAt: fields.integer('openedAt'),
    probeAt,
    isBlocking: isProbing || now < probeAt,
    cause: isCost
      ? { kind: 'cost', cost: fields.bigint('cost') * GWEI, usual: fields.bigint('usual') * GWEI }
      : { kind: 'failures', failed: fields.integer('failed'), of: fields.integer('of') },
  };
}

function decodeWindow(
  budget: SpendBudget,
  fields: ReadonlyMap<string, string>,
  reserved: bigint,
  now: number,
): SpendWindow {
  const { prefix, widthMs, buckets, unit } = WINDOWS[budget];
  const leaving = [...fields].flatMap(([name, amount]) => {
    const index = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    // A bucket of the future counts from now on: the clock was set back.
    const at = (Math.min(index, Math.floor(now / widthMs)) + buckets + 1) * widthMs;
    return at > now && /^\d+$/.test(amount) ? [{ at, amount: BigInt(amount) * unit }] : [];
  });
  const spent = leaving.reduce((sum, { amount }) => sum + amount, 0n);
  return { spent, reserved, leaving: leaving.toSorted((a, b) => a.at - b.at) };
}

function roundUp(wei: bigint): bigint {
  return (wei + GWEI - 1n) / GWEI;
}
