import { DeploymentDto } from '../deployments/deployment.dto.js';
import { Shown, ShownAsItCame, ShownList, ShownObject } from '../openapi/shown.decorator.js';

/** One line of the list; null where the writer of the entry did not say. */
export class DeadLetterDto {
  @Shown('text', 'name of the entry in all requests')
  readonly id!: string;
  @Shown('text', 'why; entries of other writers may have reasons of their own', { orNull: true })
  readonly reason!: string | null;
  @Shown('text', 'what went wrong, for people', { orNull: true })
  readonly error!: string | null;
  @Shown('text', 'when, as the entry has it', { orNull: true })
  readonly failed_at!: string | null;
  @Shown('text', 'id of the message', { orNull: true })
  readonly message_id!: string | null;
  @Shown('text', 'model that the message is about', { orNull: true })
  readonly model_id!: string | null;
  @Shown('count', 'times that a handler failed on it', { orNull: true })
  readonly attempts!: number | null;
  @Shown('count', 'times that it was replayed before')
  readonly replay_count!: number;
  @Shown('flag', 'false for an entry that holds no message')
  readonly replayable!: boolean;
}

/** One page, oldest first. */
export class DeadLetterPageDto {
  @ShownList(DeadLetterDto, 'oldest first; fewer than `limit`, or none, do not mean that it is the last page')
  readonly items!: readonly DeadLetterDto[];
  @Shown('text', '`cursor` of the next page; null on the last', { orNull: true })
  readonly next_cursor!: string | null;
  @Shown('count', 'all entries, whatever the filter')
  readonly total!: number;
}

/** What the chain says of a model at its newest block. */
export class ChainAnswerDto {
  @Shown('flag', 'false when the chain could not be asked, or the entry names no model')
  readonly asked!: boolean;
  @Shown('address', 'token of the model; null when it has none', { orNull: true })
  readonly token_address!: string | null;
}

/** The whole entry, and what became of its model meanwhile. */
export class DeadLetterDetailDto extends DeadLetterDto {
  @ShownAsItCame('the entry: JSON where it is JSON, else text')
  readonly entry!: unknown;
  @ShownAsItCame('the message in it: JSON where it is JSON, else text; null when there is none')
  readonly message!: unknown;
  @ShownObject(DeploymentDto, 'what the ledger knows of its model; null when that is nothing', { orNull: true })
  readonly deployment!: DeploymentDto | null;
  @ShownObject(ChainAnswerDto, 'what the chain says of its model now')
  readonly chain!: ChainAnswerDto;
}

/** An entry whose message went back to the queue. */
export class ReplayedDto {
  @Shown('text', 'id of the entry')
  readonly id!: string;
  @Shown('text', 'id of the message', { orNull: true })
  readonly message_id!: string | null;
  @Shown('text', 'model that the message is about', { orNull: true })
  readonly model_id!: string | null;
  @Shown('text', 'what was done', { oneOf: ['replayed'] })
  readonly result!: 'replayed';
}

/** An entry that was taken out. */
export class DiscardedDto {
  @Shown('text', 'id of the entry')
  readonly id!: string;
  @Shown('text', 'what was done', { oneOf: ['discarded'] })
  readonly result!: 'discarded';
  @Shown('text', 'audit record from which it can be restored')
  readonly audit_id!: string;
}
