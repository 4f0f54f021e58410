import { ApiProperty } from '../openapi/swagger.decorator.js';
import { HoldDto } from '../holds/hold.dto.js';
import { ADDRESS_PATTERN, HASH_PATTERN, UINT_PATTERN } from '../openapi/schemas.js';

/** One signed transaction, without its bytes. */
export class SignedAttemptDto {
  @ApiProperty({ type: 'string', pattern: HASH_PATTERN, description: 'hash of the transaction' })
  readonly transaction_hash!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'gas that it may use' })
  readonly gas_limit!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'wei per gas that it pays at most' })
  readonly max_fee_per_gas!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'wei per gas for the block producer' })
  readonly max_priority_fee_per_gas!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it was signed' })
  readonly signed_at!: string;
}

/** A nonce that is not final yet. */
export class OpenSlotDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'the nonce' })
  readonly nonce!: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'since the first attempt was signed' })
  readonly age_seconds!: number | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'deployments in the transaction' })
  readonly tokens!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'times that it was signed' })
  readonly attempts!: number;
  @ApiProperty({ type: SignedAttemptDto, nullable: true, description: 'the newest attempt' })
  readonly latest_attempt!: SignedAttemptDto | null;
}

/** One account, who works with it, and what it has not finished. */
export class LaneDto {
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'the account' })
  readonly account!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'name of the process that has the lease; null while it is free',
  })
  readonly held_by!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, nullable: true, description: 'times that it changed hands' })
  readonly epoch!: number | null;
  @ApiProperty({ type: 'number', nullable: true, description: 'until it is free' })
  readonly lease_left_seconds!: number | null;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'nonce of the next transaction; null for an account that was never used',
  })
  readonly next_nonce!: number | null;
  @ApiProperty({ type: [OpenSlotDto], description: 'lowest nonce first' })
  readonly open_slots!: readonly OpenSlotDto[];
  @ApiProperty({ type: [HoldDto], description: 'what blocks the account' })
  readonly holds!: readonly HoldDto[];
}

export class FreedLaneDto {
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'the account' })
  readonly account!: string;
  @ApiProperty({ type: 'boolean', description: 'false when no process had it' })
  readonly freed!: boolean;
}

export class LanesDto {
  @ApiProperty({ type: [LaneDto], description: 'in the order of the configuration' })
  readonly items!: readonly LaneDto[];
}
