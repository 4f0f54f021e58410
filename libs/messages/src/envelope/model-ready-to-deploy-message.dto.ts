import { type EvmAddress, readAddress } from '../validation/evm-address.js';
import { JsonField } from '../coercion/json-field.js';
import { readMetric, readNumber } from '../coercion/decimal.js';
import { readTimestamp } from '../coercion/timestamp.js';
import {
  IsAnyString,
  IsEvmAddress,
  IsFiniteNumber,
  IsMetric,
  IsStringMap,
  IsStringOrNull,
  IsText,
  IsTimestamp,
  Nullable,
  Optional,
} from '../validation/validators.js';

/** The payload: a model that is ready for its token. Fields that it does not name are the producer's own affair. */
export class ModelReadyToDeployMessage {
  @JsonField()
  @IsText({ min: 1, max: 255, printable: true })
  model_id!: string;

  @JsonField()
  @IsText({ min: 1, max: 255, characters: 64, printable: true })
  token_symbol!: string;

  @JsonField()
  @IsText({ min: 1, max: 255, printable: true })
  metric_name!: string;

  /** Fixed point with 18 decimals. */
  @JsonField(readMetric)
  @IsMetric()
  baseline_value!: bigint;

  /** Fixed point with 18 decimals. */
  @JsonField(readMetric)
  @IsMetric()
  current_value!: bigint;

  @JsonField()
  @IsStringOrNull()
  @IsText({ min: 0, max: 1024 }, { ignorable: true })
  model_name!: string | null;

  @JsonField()
  @IsStringOrNull()
  @IsText({ min: 0, max: 1024 }, { ignorable: true })
  model_version!: string | null;

  /** Null for a model that was registered without a run; a producer that leaves the key out has lost something. */
  @JsonField()
  @Nullable()
  @IsAnyString()
  @IsText({ min: 0, max: 255 }, { ignorable: true })
  mlflow_run_id!: string | null;

  /** Percent. */
  @JsonField(readNumber)
  @Optional()
  @IsFiniteNumber()
  improvement_percentage: number | null = null;

  @JsonField(readAddress)
  @Optional()
  @IsEvmAddress()
  contributor_address: EvmAddress | null = null;

  /** Not in the platform's published schema, but sent by producers for the `token-manager` backend. */
  @JsonField(readAddress)
  @Optional()
  @IsEvmAddress()
  model_supplier_recipient: EvmAddress | null = null;

  @JsonField()
  @Optional()
  @IsAnyString({ ignorable: true })
  experiment_name: string | null = null;

  @JsonField()
  @Optional()
  @IsStringMap({ ignorable: true })
  tags: JsonStringMap | null = null;

  @JsonField(readTimestamp)
  @IsTimestamp()
  timestamp!: Date;

  @JsonField()
  @IsAnyString()
  message_version = '1.0';
}

type JsonStringMap = Readonly<Record<string, string>>;
