import { Transform } from 'class-transformer';
import { IsDate, IsNumber, IsOptional, IsString, Max, Min, ValidateIf } from 'class-validator';
import { readMetric, readNumber } from '../coercion/decimal.js';
import { NestedJson } from '../coercion/nested-json.js';
import { readTimestamp } from '../coercion/timestamp.js';
import { type EvmAddress, readAddress } from '../validation/evm-address.js';
import { TEXT, TIMESTAMP } from '../validation/field-expectations.js';
import { IsEvmAddress, IsMetric, IsStringMap, IsText, must } from '../validation/validators.js';

const FINITE = must('be a finite number', { reason: 'invalid_metric' });

const isNotNull = (_: unknown, value: unknown) => value !== null;

/**
 * The payload: a model that is ready for its token. Unknown fields are ignored.
 *
 * The rules of a property apply from the last to the first; the first broken one is reported.
 */
export class ModelReadyToDeployMessage {
  @IsText({ min: 1, max: 255, printable: true })
  model_id!: string;

  @IsText({ min: 1, max: 255, characters: 64, printable: true })
  token_symbol!: string;

  @IsText({ min: 1, max: 255, printable: true })
  metric_name!: string;

  /** Fixed point with 18 decimals. */
  @Transform(({ value }) => readMetric(value))
  @IsMetric()
  baseline_value!: bigint;

  /** Fixed point with 18 decimals. */
  @Transform(({ value }) => readMetric(value))
  @IsMetric()
  current_value!: bigint;

  @IsText({ min: 0, max: 1024 }, { ignorable: true })
  @IsString({ ...TEXT, validateIf: isNotNull })
  model_name!: string | null;

  @IsText({ min: 0, max: 1024 }, { ignorable: true })
  @IsString({ ...TEXT, validateIf: isNotNull })
  model_version!: string | null;

  /** Null for a model that was registered without a run. The key is required. */
  @IsText({ min: 0, max: 255 }, { ignorable: true })
  @IsString(TEXT)
  @ValidateIf(isNotNull)
  mlflow_run_id!: string | null;

  /** Percent. */
  @Transform(({ value }) => readNumber(value))
  @Max(Number.MAX_VALUE, FINITE)
  @Min(-Number.MAX_VALUE, FINITE)
  @IsNumber({ allowNaN: true, allowInfinity: true }, must('be a number'))
  @IsOptional()
  improvement_percentage: number | null = null;

  @Transform(({ value }) => readAddress(value))
  @IsEvmAddress()
  @IsOptional()
  contributor_address: EvmAddress | null = null;

  /** Absent from the platform's published schema; producers send it for the `token-manager` backend. */
  @Transform(({ value }) => readAddress(value))
  @IsEvmAddress()
  @IsOptional()
  model_supplier_recipient: EvmAddress | null = null;

  @IsString(must('be a string', { ignorable: true }))
  @IsOptional()
  experiment_name: string | null = null;

  @NestedJson()
  @IsStringMap({ ignorable: true })
  @IsOptional()
  tags: Readonly<Record<string, string>> | null = null;

  @Transform(({ value }) => readTimestamp(value))
  @IsDate(TIMESTAMP)
  timestamp!: Date;

  @IsString(TEXT)
  message_version = '1.0';
}
