import { DEAD_LETTER_REASONS, JOB_STATES } from '#core';
import { ApiProperty } from '../openapi/swagger.decorator.js';
import { HoldDto } from '../holds/hold.dto.js';
import { ADDRESS_PATTERN, DECIMAL_PATTERN, HASH_PATTERN, UINT_PATTERN } from '../openapi/schemas.js';

/** What stands, or will stand, on chain. */
export class RecordDto {
  @ApiProperty({ type: 'string', description: 'ERC-20 symbol' })
  readonly token_symbol!: string;
  @ApiProperty({ type: 'string', description: 'name of the metric' })
  readonly metric_name!: string;
  @ApiProperty({ type: 'string', pattern: DECIMAL_PATTERN, description: 'metric of the model before' })
  readonly baseline_value!: string;
  @ApiProperty({ type: 'string', pattern: DECIMAL_PATTERN, description: 'metric of this model' })
  readonly current_value!: string;
  @ApiProperty({
    type: 'string',
    pattern: ADDRESS_PATTERN,
    nullable: true,
    description: 'who contributed; null when the message names no contributor',
  })
  readonly contributor_address!: string | null;
}

/** A token that exists, finally. */
export class TokenDto {
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'where the token is' })
  readonly token_address!: string;
  @ApiProperty({ type: 'string', pattern: HASH_PATTERN, description: 'transaction that made it' })
  readonly transaction_hash!: string;
  @ApiProperty({
    type: 'string',
    pattern: HASH_PATTERN,
    nullable: true,
    description: 'transaction that registered it; null before',
  })
  readonly registry_transaction_hash!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'block of the transaction' })
  readonly block_number!: number;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'time of the block' })
  readonly deployment_timestamp!: string;
  @ApiProperty({
    type: 'string',
    pattern: UINT_PATTERN,
    description: 'gas of this token: its share, when the transaction made several',
  })
  readonly gas_used!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'wei per gas that was really paid' })
  readonly gas_price!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: UINT_PATTERN,
    description: "wei that a rollup charged for the data on L1, this token's share; null without such a fee",
  })
  readonly l1_data_fee!: string | null;
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'account that paid' })
  readonly deployer_address!: string;
}

/** The call that registers a token, for the registry's owner. */
export class RegistrationDto {
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'the registry' })
  readonly to!: string;
  @ApiProperty({ type: 'string', description: 'calldata, as 0x-prefixed hex' })
  readonly calldata!: string;
}

/** One transaction that was signed for the model. */
export class AttemptDto {
  @ApiProperty({ type: 'string', pattern: HASH_PATTERN, description: 'hash of the transaction' })
  readonly transaction_hash!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'gas that it may use, with all that it carries' })
  readonly gas_limit!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'wei per gas that it pays at most' })
  readonly max_fee_per_gas!: string;
  @ApiProperty({ type: 'string', pattern: UINT_PATTERN, description: 'wei per gas for the block producer' })
  readonly max_priority_fee_per_gas!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it was signed' })
  readonly signed_at!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'block of the attempt that made the token, once that is final; else null',
  })
  readonly block_number!: number | null;
  @ApiProperty({
    type: 'string',
    pattern: UINT_PATTERN,
    nullable: true,
    description: 'wei per gas that this attempt really paid; null where the block is',
  })
  readonly effective_gas_price!: string | null;
}

/** The transaction that carries the model now. */
export class SlotDto {
  @ApiProperty({ type: 'string', pattern: ADDRESS_PATTERN, description: 'account that signs it' })
  readonly lane!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'its nonce' })
  readonly nonce!: number;
}

/** Why it is given up, or waits for a retry. */
export class FailureDto {
  @ApiProperty({ type: 'string', enum: [...DEAD_LETTER_REASONS], description: 'reason, as in the dead letters' })
  readonly reason!: string;
  @ApiProperty({ type: 'string', description: 'what went wrong, human-readable' })
  readonly error!: string;
}

/** All that is known about the deployment of one model. */
export class DeploymentDto {
  @ApiProperty({ type: 'string', description: 'id of the model' })
  readonly model_id!: string;
  @ApiProperty({ type: 'string', enum: [...JOB_STATES], description: 'how far it is' })
  readonly state!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'message that asked for it; null, as name and version, where only the chain remembers',
  })
  readonly message_id!: string | null;
  @ApiProperty({ type: RecordDto, description: 'what stands, or will stand, on chain' })
  readonly record!: RecordDto;
  @ApiProperty({ type: 'string', nullable: true, description: 'name of the model' })
  readonly model_name!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'version of the model' })
  readonly model_version!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'run that trained it' })
  readonly mlflow_run_id!: string | null;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'improvement over the baseline in percent; above zero is better in any direction of the metric',
  })
  readonly improvement_percentage!: number | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'producer whose signature was verified (MESSAGE_SIGNATURES); null without one',
  })
  readonly producer!: string | null;
  @ApiProperty({
    type: 'string',
    isArray: true,
    description: 'faults of the message that did not cost the token',
  })
  readonly warnings!: readonly string[];
  @ApiProperty({ type: TokenDto, nullable: true, description: 'the token; null before it is final' })
  readonly token!: TokenDto | null;
  @ApiProperty({
    type: RegistrationDto,
    nullable: true,
    description: 'the call that the owner of the registry must make to register the token; else null',
  })
  readonly registration!: RegistrationDto | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'id of the newest published event; null before' })
  readonly event_id!: string | null;
  @ApiProperty({ type: FailureDto, nullable: true, description: 'why it failed; null unless it did' })
  readonly failure!: FailureDto | null;
  @ApiProperty({
    type: SlotDto,
    nullable: true,
    description: 'the transaction that carries it; null unless `submitted`',
  })
  readonly slot!: SlotDto | null;
  @ApiProperty({ type: [AttemptDto], description: 'every transaction that was signed for it, oldest first' })
  readonly attempts!: readonly AttemptDto[];
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when its first message was admitted' })
  readonly created_at!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it last changed' })
  readonly updated_at!: string;
}

/** A deployment, with what blocks it. */
export class DeploymentDetailDto extends DeploymentDto {
  @ApiProperty({ type: [HoldDto], description: 'holds that block it; none once it is over' })
  readonly holds!: readonly HoldDto[];
}

/** One page, newest first. */
export class DeploymentPageDto {
  @ApiProperty({ type: [DeploymentDto], description: 'newest first' })
  readonly items!: readonly DeploymentDto[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; null on the last' })
  readonly next_cursor!: string | null;
}
