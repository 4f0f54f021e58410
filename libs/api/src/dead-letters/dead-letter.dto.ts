import { DeploymentDto } from '../deployments/deployment.dto.js';
import { ApiProperty } from '../openapi/swagger.decorator.js';
import { ADDRESS_PATTERN, ANY_JSON } from '../openapi/schemas.js';

/** One line of the list; null where the writer of the entry did not say. */
export class DeadLetterDto {
  @ApiProperty({ type: 'string', description: 'name of the entry in all requests' })
  readonly id!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'why; entries of other writers may have reasons of their own',
  })
  readonly reason!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'what went wrong, human-readable' })
  readonly error!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'when, as the entry has it' })
  readonly failed_at!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'id of the message' })
  readonly message_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'model that the message is about' })
  readonly model_id!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, nullable: true, description: 'times that a handler failed on it' })
  readonly attempts!: number | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'times that it was replayed before' })
  readonly replay_count!: number;
  @ApiProperty({ type: 'boolean', description: 'false for an entry that holds no message' })
  readonly replayable!: boolean;
}

/** One page, oldest first. */
export class DeadLetterPageDto {
  @ApiProperty({
    type: [DeadLetterDto],
    description: 'oldest first; fewer than `limit`, or none, do not mean that it is the last page',
  })
  readonly items!: readonly DeadLetterDto[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; null on the last' })
  readonly next_cursor!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'all entries, regardless of the filter' })
  readonly total!: number;
}

/** What the chain says of a model at its newest block. */
export class ChainAnswerDto {
  @ApiProperty({ type: 'boolean', description: 'false when the chain could not be asked, or the entry names no model' })
  readonly asked!: boolean;
  @ApiProperty({
    type: 'string',
    pattern: ADDRESS_PATTERN,
    nullable: true,
    description: 'token of the model; null when it has none',
  })
  readonly token_address!: string | null;
}

/** The whole entry, and what became of its model meanwhile. */
export class DeadLetterDetailDto extends DeadLetterDto {
  @ApiProperty({ ...ANY_JSON, description: 'the entry: JSON where it is JSON, else text' })
  readonly entry!: unknown;
  @ApiProperty({
    ...ANY_JSON,
    description: 'the message in it: JSON where it is JSON, else text; null when there is none',
  })
  readonly message!: unknown;
  @ApiProperty({
    type: DeploymentDto,
    nullable: true,
    description: 'what the ledger knows of its model; null when that is nothing',
  })
  readonly deployment!: DeploymentDto | null;
  @ApiProperty({ type: ChainAnswerDto, description: 'what the chain says of its model now' })
  readonly chain!: ChainAnswerDto;
}

/** An entry whose message went back to the queue. */
export class ReplayedDto {
  @ApiProperty({ type: 'string', description: 'id of the entry' })
  readonly id!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'id of the message' })
  readonly message_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'model that the message is about' })
  readonly model_id!: string | null;
  @ApiProperty({ type: 'string', enum: ['replayed'], description: 'what was done' })
  readonly result!: 'replayed';
}

/** An entry that was taken out. */
export class DiscardedDto {
  @ApiProperty({ type: 'string', description: 'id of the entry' })
  readonly id!: string;
  @ApiProperty({ type: 'string', enum: ['discarded'], description: 'what was done' })
  readonly result!: 'discarded';
  @ApiProperty({ type: 'string', description: 'audit record from which it can be restored' })
  readonly audit_id!: string;
}
