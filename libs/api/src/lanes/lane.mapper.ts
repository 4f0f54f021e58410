import { type Attempt, type LaneState, type LaneOwner, type Slot, unixNow } from '#core';
import type { LaneDto, OpenSlotDto, SignedAttemptDto } from './lane.dto.js';

/** One account, who works with it, and what it has not finished. */
export function toLaneDto(
  account: string,
  { nextNonce, slots }: LaneState,
  tenure: LaneOwner | null,
): Omit<LaneDto, 'holds'> {
  return {
    account,
    held_by: tenure === null ? null : tenure.owner,
    epoch: tenure === null ? null : tenure.epoch,
    lease_left_seconds: tenure === null ? null : tenure.leaseLeftMs / 1000,
    next_nonce: nextNonce,
    open_slots: slots.map((slot) => toSlotDto(slot)),
  };
}

/** Omits the signed bytes: any reader could broadcast them. */
function toSlotDto({ nonce, modelIds, attempts }: Slot): OpenSlotDto {
  const [first] = attempts;
  const last = attempts.at(-1);
  return {
    nonce,
    age_seconds: first === undefined ? null : Math.max(0, unixNow() - first.signedAt) / 1000,
    tokens: modelIds.length,
    attempts: attempts.length,
    latest_attempt: last === undefined ? null : toAttemptDto(last),
  };
}

/** Wei in strings: JSON numbers would lose digits. */
function toAttemptDto({ hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt }: Attempt): SignedAttemptDto {
  return {
    transaction_hash: hash,
    gas_limit: gasLimit.toString(),
    max_fee_per_gas: maxFeePerGas.toString(),
    max_priority_fee_per_gas: maxPriorityFeePerGas.toString(),
    signed_at: new Date(signedAt).toISOString(),
  };
}
