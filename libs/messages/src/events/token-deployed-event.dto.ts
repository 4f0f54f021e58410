import { IsIn, IsInt, IsNumber, IsPositive, IsString, Matches, Min, ValidateIf } from 'class-validator';
import { TIMESTAMP_TEXT, TRANSACTION_HASH } from '../validation/field-expectations.js';
import { IsText, must } from '../validation/validators.js';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const UUID_5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;
const HEX = /^0x(?:[0-9a-f]{2})*$/;

const SENT_ADDRESS = must('be an address with its EIP-55 checksum');
const SENT_HASH = must('be the hash of a transaction');
const FROM_ZERO = must('be a whole number from 0');
const DECIMAL_NUMBER = must('be a whole number as decimal text');

const isPresent = (_: unknown, value: unknown) => value !== undefined;
const isNotNull = (_: unknown, value: unknown) => value !== null;

/** What all forms of the events have. A field without a value is left out. */
abstract class DeployedTokenEvent {
  @IsText({ min: 1, max: 255 })
  model_id!: string;

  @Matches(ADDRESS, SENT_ADDRESS)
  token_address!: string;

  @IsString(must('be the ERC-20 name of the token'))
  token_name!: string;

  @Matches(TRANSACTION_HASH, SENT_HASH)
  transaction_hash!: string;

  /** ISO 8601 in UTC. */
  @Matches(TIMESTAMP_TEXT, must('be the time of the block in ISO 8601, in UTC'))
  deployment_timestamp!: string;

  @Matches(ADDRESS, SENT_ADDRESS)
  deployer_address!: string;

  @IsInt(FROM_ZERO)
  @Min(0, FROM_ZERO)
  block_number!: number;

  @Matches(WHOLE_NUMBER, DECIMAL_NUMBER)
  gas_used!: string;

  /** Wei. */
  @Matches(WHOLE_NUMBER, DECIMAL_NUMBER)
  gas_price!: string;

  @Matches(ADDRESS, SENT_ADDRESS)
  @ValidateIf(isPresent)
  contributor_address?: string | undefined;

  @IsText({ min: 0, max: 255 })
  performance_metric!: string;

  @IsIn(['1.0'], must('be the version of the event'))
  message_version!: string;
}

/** What both events have in the full form. */
export abstract class FullEvent extends DeployedTokenEvent {
  @Matches(UUID_5, must('be the UUID version 5 of event type, chain, contract and model id'))
  event_id!: string;

  @IsText({ min: 0, max: 255 })
  token_symbol!: string;

  @Matches(TRANSACTION_HASH, SENT_HASH)
  @ValidateIf(isNotNull)
  registry_transaction_hash!: string | null;

  @IsText({ min: 0, max: 255 })
  @ValidateIf(isPresent)
  mlflow_run_id?: string | undefined;

  @IsText({ min: 0, max: 1024 })
  @ValidateIf(isPresent)
  model_name?: string | undefined;

  @IsText({ min: 0, max: 1024 })
  @ValidateIf(isPresent)
  model_version?: string | undefined;

  @IsText({ min: 1, max: 255 })
  network!: string;

  @IsInt(must('be the number of the chain'))
  @Min(1, must('be the number of the chain'))
  chain_id!: number;

  /** Wei, on rollups that charge for data on L1. */
  @Matches(WHOLE_NUMBER, DECIMAL_NUMBER)
  @ValidateIf(isPresent)
  l1_data_fee?: string | undefined;

  @IsNumber({}, must('be the improvement in percent'))
  @ValidateIf(isPresent)
  performance_improvement?: number | undefined;
}

/** Networks that Hokusai's published readers know. */
const NETWORKS = ['ethereum', 'polygon', 'localhost', 'hardhat'] as const;

const SYMBOL = must('be 1 to 10 letters of A-Z, digits or -');
const NOT_EMPTY = { min: 1, max: 1024 };

/** `token_deployed` in Hokusai's form: its readers accept no other field. */
export class HokusaiTokenDeployedEvent extends DeployedTokenEvent {
  @IsIn(['token_deployed'], must('be token_deployed'))
  event_type!: 'token_deployed';

  @Matches(/^[A-Z0-9-]{1,10}$/, SYMBOL)
  token_symbol!: string;

  @Matches(TRANSACTION_HASH, SENT_HASH)
  registry_transaction_hash!: string;

  @IsText({ ...NOT_EMPTY, max: 255 })
  mlflow_run_id!: string;

  @IsText(NOT_EMPTY)
  model_name!: string;

  @IsText(NOT_EMPTY)
  model_version!: string;

  @IsIn(NETWORKS, must('be a network that the readers know'))
  network!: string;

  @IsNumber({}, must('be the improvement in percent, above 0'))
  @IsPositive(must('be the improvement in percent, above 0'))
  performance_improvement!: number;
}

/** `token_deployed` in the full form. */
export class TokenDeployedEvent extends FullEvent {
  @IsIn(['token_deployed'], must('be token_deployed'))
  event_type!: 'token_deployed';
}

/** `token_deployed_unregistered`, with the call that the registry owner must make. */
export class TokenUnregisteredEvent extends FullEvent {
  @IsIn(['token_deployed_unregistered'], must('be token_deployed_unregistered'))
  event_type!: 'token_deployed_unregistered';

  @Matches(ADDRESS, SENT_ADDRESS)
  @ValidateIf(isNotNull)
  registry_address!: string | null;

  @Matches(HEX, must('be the call data as hex'))
  @ValidateIf(isNotNull)
  registry_calldata!: string | null;
}
