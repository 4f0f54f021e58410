import { REPLAY_OUTCOMES, type ReplayOutcome } from '#core';
import { DeadLetterFilterDto } from '../dead-letters/dead-letter-query.dto.js';
import { Shown, ShownList, ShownObject } from '../openapi/shown.decorator.js';

/** What became, or would become, of one entry. */
export class ReplayResultDto {
  @Shown('text', 'id of the entry')
  readonly id!: string;
  @Shown('text', 'id of the message', { orNull: true })
  readonly message_id!: string | null;
  @Shown('text', 'model that the message is about', { orNull: true })
  readonly model_id!: string | null;
  @Shown('text', '`would_replay` in a dry run only', { oneOf: [...REPLAY_OUTCOMES, 'would_replay'] })
  readonly result!: string;
}

/** Entries by what became of them. */
export class ReplayCountsDto implements Readonly<Record<ReplayOutcome, number>> {
  @Shown('count', 'went back to the queue')
  readonly replayed!: number;
  @Shown('count', 'were no longer there')
  readonly gone!: number;
  @Shown('count', 'hold no message')
  readonly unreplayable!: number;
  @Shown('count', 'belong to models that have their token')
  readonly already_deployed!: number;
  @Shown('count', 'hold a message that this run has replayed before')
  readonly repeated!: number;
}

/** What a replay would do. */
export class ReplayPreviewDto {
  @Shown('flag', 'nothing was changed')
  readonly dry_run!: true;
  @Shown('count', 'none')
  readonly replayed!: 0;
  @ShownList(ReplayResultDto, 'the first thousand entries')
  readonly results!: readonly ReplayResultDto[];
}

/** A replay that began; Redis did not say more. */
export class ReplayStartedDto {
  @Shown('text', 'id of the replay')
  readonly id!: string;
  @Shown('text', 'that it runs', { oneOf: ['running'] })
  readonly state!: 'running';
}

/** A replay that ends before its next entry. */
export class ReplayCancellingDto {
  @Shown('text', 'id of the replay')
  readonly id!: string;
  @Shown('text', 'that it ends', { oneOf: ['cancelling'] })
  readonly state!: 'cancelling';
}

/** A replay, and the results of its first thousand entries. */
export class ReplayRunDto {
  @Shown('text', 'id of the replay')
  readonly id!: string;
  @Shown('text', 'how far it is', { oneOf: ['running', 'cancelling', 'finished', 'cancelled'] })
  readonly state!: string;
  @Shown('text', 'id of the token that ordered it')
  readonly actor!: string;
  @Shown('text', 'why', { orNull: true })
  readonly note!: string | null;
  @Shown('count', 'entries that were chosen by id', { optional: true })
  readonly ids?: number;
  @ShownObject(DeadLetterFilterDto, 'which entries were chosen', { optional: true })
  readonly filter?: DeadLetterFilterDto;
  @Shown('count', 'entries at most, of those that fit', { optional: true })
  readonly limit?: number;
  @Shown('number', 'entries in a second, at most', { orNull: true })
  readonly max_per_second!: number | null;
  @Shown('flag', 'also entries of models that have their token')
  readonly force!: boolean;
  @Shown('flag', 'false: it was done')
  readonly dry_run!: false;
  @Shown('count', 'entries whose messages went back to the queue')
  readonly replayed!: number;
  @ShownObject(ReplayCountsDto, 'entries by what became of them')
  readonly counts!: ReplayCountsDto;
  @Shown('count', 'entries that it passed, selected or not')
  readonly examined!: number;
  @Shown('count', 'replicas that carried it on after another one')
  readonly resumptions!: number;
  @Shown('instant', 'when it began')
  readonly started_at!: string;
  @Shown('instant', 'when it last got on')
  readonly updated_at!: string;
  @ShownList(ReplayResultDto, 'its first thousand entries')
  readonly results!: readonly ReplayResultDto[];
}
