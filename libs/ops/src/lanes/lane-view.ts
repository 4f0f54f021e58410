import type { Attempt, LaneState, LaneTenure, Slot } from '#core';
import type { LaneBody, OpenSlotBody, SignedAttemptBody } from './lane-body.js';

/** One account, who works with it, and what it has not finished. */
export function laneView(account: string, { nextNonce, slots }: LaneState, tenure: LaneTenure | null): LaneBody {
  return {
    account,
    held_by: tenure === null ? null : tenure.owner,
    epoch: tenure === null ? null : tenure.epoch,
    lease_left_seconds: tenure === null ? null : tenure.leaseLeftMs / 1000,
    next_nonce: nextNonce,
    open_slots: slots.map((slot) => slotView(slot)),
  };
}

/** The signed bytes stay out: whoever has them can broadcast them. */
function slotView({ nonce, modelIds, attempts }: Slot): OpenSlotBody {
  const [first] = attempts;
  const last = attempts.at(-1);
  return {
    nonce,
    age_seconds: first === undefined ? null : Math.max(0, Date.now() - first.signedAt) / 1000,
    tokens: modelIds.length,
    attempts: attempts.length,
    latest_attempt: last === undefined ? null : attemptView(last),
  };
}

/** Wei in strings: JSON numbers would lose digits. */
function attemptView({ hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt }: Attempt): SignedAttemptBody {
  return {
    transaction_hash: hash,
    gas_limit: gasLimit.toString(),
    max_fee_per_gas: maxFeePerGas.toString(),
    max_priority_fee_per_gas: maxPriorityFeePerGas.toString(),
    signed_at: new Date(signedAt).toISOString(),
  };
}
