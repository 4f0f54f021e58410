import { DEAD_LETTER_REASONS, JOB_STATES } from '#core';
import { Shown, ShownList, ShownObject } from '../openapi/shown.decorator.js';

/** What stands, or will stand, on chain. */
export class RecordDto {
  @Shown('text', 'ERC-20 symbol')
  readonly token_symbol!: string;
  @Shown('text', 'name of the metric')
  readonly metric_name!: string;
  @Shown('decimal', 'metric of the model before')
  readonly baseline_value!: string;
  @Shown('decimal', 'metric of this model')
  readonly current_value!: string;
  @Shown('address', 'who contributed; null when the message names nobody', { orNull: true })
  readonly contributor_address!: string | null;
}

/** A token that exists, finally. */
export class TokenDto {
  @Shown('address', 'where the token is')
  readonly token_address!: string;
  @Shown('hash', 'transaction that made it')
  readonly transaction_hash!: string;
  @Shown('hash', 'transaction that registered it; null before', { orNull: true })
  readonly registry_transaction_hash!: string | null;
  @Shown('count', 'block of the transaction')
  readonly block_number!: number;
  @Shown('instant', 'time of the block')
  readonly deployment_timestamp!: string;
  @Shown('digits', 'gas of this token: its share, when the transaction made several')
  readonly gas_used!: string;
  @Shown('digits', 'wei per gas that was really paid')
  readonly gas_price!: string;
  @Shown('address', 'account that paid')
  readonly deployer_address!: string;
}

/** The call that registers a token, for those who may make it. */
export class RegistrationDto {
  @Shown('address', 'the registry')
  readonly to!: string;
  @Shown('text', 'calldata, as 0x-prefixed hex')
  readonly calldata!: string;
}

/** One transaction that was signed for the model. */
export class AttemptDto {
  @Shown('hash', 'hash of the transaction')
  readonly transaction_hash!: string;
  @Shown('digits', 'gas that it may use, with all that it carries')
  readonly gas_limit!: string;
  @Shown('digits', 'wei per gas that it pays at most')
  readonly max_fee_per_gas!: string;
  @Shown('digits', 'wei per gas for the block producer')
  readonly max_priority_fee_per_gas!: string;
  @Shown('instant', 'when it was signed')
  readonly signed_at!: string;
  @Shown('count', 'block of the attempt that made the token, once that is final; else null', { orNull: true })
  readonly block_number!: number | null;
  @Shown('digits', 'wei per gas that this attempt really paid; null where the block is', { orNull: true })
  readonly effective_gas_price!: string | null;
}

/** The transaction that carries the model now. */
export class SlotDto {
  @Shown('address', 'account that signs it')
  readonly lane!: string;
  @Shown('count', 'its nonce')
  readonly nonce!: number;
}

/** Why it is given up, or waits for a retry. */
export class FailureDto {
  @Shown('text', 'reason, as in the dead letters', { oneOf: DEAD_LETTER_REASONS })
  readonly reason!: string;
  @Shown('text', 'what went wrong, for people')
  readonly error!: string;
}

/** All that is known about the deployment of one model. */
export class DeploymentDto {
  @Shown('text', 'id of the model')
  readonly model_id!: string;
  @Shown('text', 'how far it is', { oneOf: JOB_STATES })
  readonly state!: string;
  @Shown('text', 'message that asked for it; null, as name and version, where only the chain remembers', {
    orNull: true,
  })
  readonly message_id!: string | null;
  @ShownObject(RecordDto, 'what stands, or will stand, on chain')
  readonly record!: RecordDto;
  @Shown('text', 'name of the model', { orNull: true })
  readonly model_name!: string | null;
  @Shown('text', 'version of the model', { orNull: true })
  readonly model_version!: string | null;
  @Shown('text', 'run that trained it', { orNull: true })
  readonly mlflow_run_id!: string | null;
  @Shown('number', 'improvement that the message claims', { orNull: true })
  readonly improvement_percentage!: number | null;
  @ShownObject(TokenDto, 'the token; null before it is final', { orNull: true })
  readonly token!: TokenDto | null;
  @ShownObject(RegistrationDto, 'what somebody else has to call so that the token is registered; else null', {
    orNull: true,
  })
  readonly registration!: RegistrationDto | null;
  @Shown('text', 'id of the newest published event; null before', { orNull: true })
  readonly event_id!: string | null;
  @ShownObject(FailureDto, 'why it failed; null unless it did', { orNull: true })
  readonly failure!: FailureDto | null;
  @ShownObject(SlotDto, 'the transaction that carries it; null unless `submitted`', { orNull: true })
  readonly slot!: SlotDto | null;
  @ShownList(AttemptDto, 'every transaction that was signed for it, oldest first')
  readonly attempts!: readonly AttemptDto[];
  @Shown('instant', 'when its first message was admitted')
  readonly created_at!: string;
  @Shown('instant', 'when it last changed')
  readonly updated_at!: string;
}

/** One page, newest first. */
export class DeploymentPageDto {
  @ShownList(DeploymentDto, 'newest first')
  readonly items!: readonly DeploymentDto[];
  @Shown('text', '`cursor` of the next page; null on the last', { orNull: true })
  readonly next_cursor!: string | null;
}
