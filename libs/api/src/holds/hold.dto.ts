import { HOLD_REASONS, HOLD_SCOPES } from '#core';
import { ApiProperty } from '../openapi/swagger.decorator.js';
import { ADDRESS_PATTERN } from '../openapi/schemas.js';

/** What waits for the end of a hold. */
export class BlockedDto {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'messages that are not settled, or deployments in the transactions of the account; null when unknown',
  })
  readonly messages!: number | null;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'transactions of the account that are not final; null when unknown or not of one account',
  })
  readonly transactions!: number | null;
}

/** A condition that blocks processing. Every replica shows the holds of all. */
export class HoldDto {
  @ApiProperty({ type: 'string', enum: [...HOLD_REASONS], description: 'what it is' })
  readonly reason!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it began; a restart does not change it' })
  readonly since!: string;
  @ApiProperty({ type: 'string', description: 'human-readable detail' })
  readonly detail!: string;
  @ApiProperty({
    type: 'string',
    pattern: ADDRESS_PATTERN,
    nullable: true,
    description: 'account that it blocks; null when it concerns no single account',
  })
  readonly lane!: string | null;
  @ApiProperty({
    type: 'string',
    enum: [...HOLD_SCOPES],
    description: '`service`: every replica claims nothing; `replica`: some claim nothing; `part`: a lane or loop only',
  })
  readonly scope!: string;
  @ApiProperty({ type: [String], description: 'processes that have it' })
  readonly replicas!: readonly string[];
  @ApiProperty({ type: BlockedDto, description: 'what waits for its end' })
  readonly blocks!: BlockedDto;
  @ApiProperty({ type: 'string', description: 'what ends it' })
  readonly ends!: string;
  @ApiProperty({ type: 'string', description: 'path of its runbook in the repository' })
  readonly runbook!: string;
}
