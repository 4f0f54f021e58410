import { IsInt, Matches, Max, Min, ValidateIf } from 'class-validator';
import { NoteDto } from '../common/note.dto.js';
import { ApiProperty, ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { DECIMAL_PATTERN } from '../openapi/schemas.js';

/** An amount without sign: a JSON number loses precision. */
const ETHER = /^\d{1,20}(\.\d{1,18})?$/;
const GWEI = /^\d{1,20}(\.\d{1,9})?$/;
const MAX_GAS = 16_777_216;
const MAX_TOKENS = 1_000_000_000;

const ETHER_EXAMPLE = '0.5';
const GWEI_EXAMPLE = '40';

/** Accepts an omitted field and null. */
const IsNullable = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);

function optionalAmount(description: string, example: string, { source: pattern }: RegExp): PropertyDecorator {
  return ApiPropertyOptional({ type: 'string', nullable: true, pattern, description, example });
}

/** Budgets and fee caps. Null: as the environment says. */
export class PolicyDto extends NoteDto {
  @IsInt()
  @Min(0)
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'the version that you have read; another one is a 409',
    example: 3,
  })
  version!: number;

  @IsNullable()
  @Matches(ETHER)
  @optionalAmount('ether in an hour', ETHER_EXAMPLE, ETHER)
  spend_per_hour_ether?: string | null;

  @IsNullable()
  @Matches(ETHER)
  @optionalAmount('ether in a day', ETHER_EXAMPLE, ETHER)
  spend_per_day_ether?: string | null;

  @IsNullable()
  @IsInt()
  @Min(1)
  @Max(MAX_GAS)
  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: MAX_GAS,
    description: 'gas limit of a deployment for each of its tokens',
    example: 150_000,
  })
  max_gas_per_token?: number | null;

  @IsNullable()
  @IsInt()
  @Min(0)
  @Max(MAX_TOKENS)
  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 0,
    maximum: MAX_TOKENS,
    description: 'tokens in an hour',
    example: 500,
  })
  tokens_per_hour?: number | null;

  @IsNullable()
  @Matches(GWEI)
  @optionalAmount('maximum fee per gas in gwei', GWEI_EXAMPLE, GWEI)
  max_fee_per_gas_gwei?: string | null;

  @IsNullable()
  @Matches(GWEI)
  @optionalAmount('maximum priority fee per gas in gwei', '2', GWEI)
  max_priority_fee_per_gas_gwei?: string | null;
}

/** The values of a policy; null: no budget. */
export class PolicyValuesDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: DECIMAL_PATTERN,
    description: 'ether in an hour',
    example: ETHER_EXAMPLE,
  })
  readonly spend_per_hour_ether!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: DECIMAL_PATTERN,
    description: 'ether in a day',
    example: '5',
  })
  readonly spend_per_day_ether!: string | null;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'gas limit of a deployment for each of its tokens',
    example: 150_000,
  })
  readonly max_gas_per_token!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, minimum: 0, description: 'tokens in an hour', example: 500 })
  readonly tokens_per_hour!: number | null;
  @ApiProperty({
    type: 'string',
    pattern: DECIMAL_PATTERN,
    description: 'maximum fee per gas in gwei',
    example: GWEI_EXAMPLE,
  })
  readonly max_fee_per_gas_gwei!: string;
  @ApiProperty({
    type: 'string',
    pattern: DECIMAL_PATTERN,
    description: 'maximum priority fee per gas in gwei',
    example: '2',
  })
  readonly max_priority_fee_per_gas_gwei!: string;
}

/** What the queue has spent, over all replicas and accounts. */
export class SpendingDto {
  @ApiProperty({
    type: 'string',
    enum: ['ether_per_hour', 'ether_per_day', 'tokens_per_hour'],
    description: 'the budget',
  })
  readonly budget!: string;
  @ApiProperty({
    type: 'string',
    pattern: DECIMAL_PATTERN,
    description: 'of final transactions in the window',
    example: '0.12',
  })
  readonly spent!: string;
  @ApiProperty({
    type: 'string',
    pattern: DECIMAL_PATTERN,
    description: 'of open transactions, at worst',
    example: '0.03',
  })
  readonly reserved!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: DECIMAL_PATTERN,
    description: 'what is left; null without a budget',
    example: '0.35',
  })
  readonly remaining!: string | null;
}

/** The open circuit breaker. */
export class CircuitDto {
  @ApiProperty({
    type: 'string',
    enum: ['failures', 'cost'],
    description: 'what opened it: failed transactions, or the cost of a token',
    example: 'failures',
  })
  readonly cause!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'since when it is open' })
  readonly since!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'from when one transaction is let through' })
  readonly probe_at!: string;
  @ApiProperty({
    type: 'boolean',
    description: 'whether a new transaction is refused now: before `probe_at`, and while the probe is not mined',
    example: true,
  })
  readonly blocking!: boolean;
}

export class ClosedCircuitDto {
  @ApiProperty({ type: 'boolean', description: 'whether it was open', example: true })
  readonly closed!: boolean;
}

/** The policy, its maximum, what is spent, and the circuit breaker. */
export class ShownPolicyDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'grows with each change; 0 before the first', example: 3 })
  readonly version!: number;
  @ApiProperty({ type: PolicyValuesDto, description: 'what applies' })
  readonly policy!: PolicyValuesDto;
  @ApiProperty({ type: PolicyValuesDto, description: 'the values of the environment of this replica' })
  readonly maximum!: PolicyValuesDto;
  @ApiProperty({ type: [SpendingDto], description: 'the windows' })
  readonly spending!: readonly SpendingDto[];
  @ApiProperty({ type: CircuitDto, nullable: true, description: 'the open circuit breaker; null while it is closed' })
  readonly circuit!: CircuitDto | null;
}
