import { Shown, ShownList, ShownObject } from '../openapi/shown.decorator.js';

/** One signed transaction, without its bytes. */
export class SignedAttemptDto {
  @Shown('hash', 'hash of the transaction')
  readonly transaction_hash!: string;
  @Shown('digits', 'gas that it may use')
  readonly gas_limit!: string;
  @Shown('digits', 'wei per gas that it pays at most')
  readonly max_fee_per_gas!: string;
  @Shown('digits', 'wei per gas for the block producer')
  readonly max_priority_fee_per_gas!: string;
  @Shown('instant', 'when it was signed')
  readonly signed_at!: string;
}

/** A nonce that is not final yet. */
export class OpenSlotDto {
  @Shown('count', 'the nonce')
  readonly nonce!: number;
  @Shown('number', 'since the first attempt was signed', { orNull: true })
  readonly age_seconds!: number | null;
  @Shown('count', 'deployments in the transaction')
  readonly tokens!: number;
  @Shown('count', 'times that it was signed')
  readonly attempts!: number;
  @ShownObject(SignedAttemptDto, 'the newest attempt', { orNull: true })
  readonly latest_attempt!: SignedAttemptDto | null;
}

/** One account, who works with it, and what it has not finished. */
export class LaneDto {
  @Shown('address', 'the account')
  readonly account!: string;
  @Shown('text', 'name of the process that has it; null while nobody does', { orNull: true })
  readonly held_by!: string | null;
  @Shown('count', 'times that it changed hands', { orNull: true })
  readonly epoch!: number | null;
  @Shown('number', 'until it is free', { orNull: true })
  readonly lease_left_seconds!: number | null;
  @Shown('count', 'nonce of the next transaction; null for an account that was never used', { orNull: true })
  readonly next_nonce!: number | null;
  @ShownList(OpenSlotDto, 'lowest nonce first')
  readonly open_slots!: readonly OpenSlotDto[];
}

export class LanesDto {
  @ShownList(LaneDto, 'in the order of the configuration')
  readonly items!: readonly LaneDto[];
}
