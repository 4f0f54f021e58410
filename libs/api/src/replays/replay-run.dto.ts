import { REPLAY_OUTCOMES, type ReplayOutcome } from '#core';
import { DeadLetterFilterDto } from '../dead-letters/dead-letter-query.dto.js';
import { ApiProperty, ApiPropertyOptional } from '../openapi/swagger.decorator.js';

/** What became, or would become, of one entry. */
export class ReplayResultDto {
  @ApiProperty({ type: 'string', description: 'id of the entry' })
  readonly id!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'id of the message' })
  readonly message_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'model that the message is about' })
  readonly model_id!: string | null;
  @ApiProperty({
    type: 'string',
    enum: [...REPLAY_OUTCOMES, 'would_replay'],
    description: '`would_replay` in a dry run only',
  })
  readonly result!: string;
}

/** Entries by what became of them. */
export class ReplayCountsDto implements Readonly<Record<ReplayOutcome, number>> {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'went back to the queue' })
  readonly replayed!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'were no longer there' })
  readonly gone!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'hold no message' })
  readonly unreplayable!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'belong to models that have their token' })
  readonly already_deployed!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'hold a message that this run has replayed before' })
  readonly repeated!: number;
}

/** What a replay would do. */
export class ReplayPreviewDto {
  @ApiProperty({ type: 'boolean', description: 'nothing was changed' })
  readonly dry_run!: true;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'none' })
  readonly replayed!: 0;
  @ApiProperty({ type: [ReplayResultDto], description: 'the first thousand entries' })
  readonly results!: readonly ReplayResultDto[];
}

/** A replay that began; Redis did not say more. */
export class ReplayStartedDto {
  @ApiProperty({ type: 'string', description: 'id of the replay' })
  readonly id!: string;
  @ApiProperty({ type: 'string', enum: ['running'], description: 'that it runs' })
  readonly state!: 'running';
}

/** A replay that ends before its next entry. */
export class ReplayCancellingDto {
  @ApiProperty({ type: 'string', description: 'id of the replay' })
  readonly id!: string;
  @ApiProperty({ type: 'string', enum: ['cancelling'], description: 'that it ends' })
  readonly state!: 'cancelling';
}

/** A replay, and the results of its first thousand entries. */
export class ReplayRunDto {
  @ApiProperty({ type: 'string', description: 'id of the replay' })
  readonly id!: string;
  @ApiProperty({
    type: 'string',
    enum: ['running', 'cancelling', 'finished', 'cancelled'],
    description: 'how far it is',
  })
  readonly state!: string;
  @ApiProperty({ type: 'string', description: 'id of the token that ordered it' })
  readonly actor!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'why' })
  readonly note!: string | null;
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'entries that were chosen by id' })
  readonly ids?: number;
  @ApiPropertyOptional({ type: DeadLetterFilterDto, description: 'which entries were chosen' })
  readonly filter?: DeadLetterFilterDto;
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'entries at most, of those that fit' })
  readonly limit?: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'entries in a second, at most' })
  readonly max_per_second!: number | null;
  @ApiProperty({ type: 'boolean', description: 'also entries of models that have their token' })
  readonly force!: boolean;
  @ApiProperty({ type: 'boolean', description: 'false: it was done' })
  readonly dry_run!: false;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'entries whose messages went back to the queue' })
  readonly replayed!: number;
  @ApiProperty({ type: ReplayCountsDto, description: 'entries by what became of them' })
  readonly counts!: ReplayCountsDto;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'entries that it passed, selected or not' })
  readonly examined!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'replicas that carried it on after another one' })
  readonly resumptions!: number;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it began' })
  readonly started_at!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when it last got on' })
  readonly updated_at!: string;
  @ApiProperty({ type: [ReplayResultDto], description: 'its first thousand entries' })
  readonly results!: readonly ReplayResultDto[];
}
