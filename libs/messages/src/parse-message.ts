import { type RetryBudget, type DeploymentRequest, MessageRejectedError, type ModelIdRule } from '#core';
import { excerpt } from './validation/excerpt.js';
import { flatMessageId, isFlat } from './envelope/flat-message.js';
import { type JsonObject, isJsonObject, ownValue } from './envelope/json-object.js';
import { DEFAULT_MODEL_ID_SOURCE, nameOfSource, valueAtSource } from './envelope/model-id-source.js';
import { decodeUtf8, readJson } from './envelope/json-text.js';
import { unmetHokusaiRequirement } from './events/hokusai-event.js';
import { MessageEnvelope } from './envelope/message-envelope.dto.js';
import { ModelReadyToDeployMessage } from './envelope/model-ready-to-deploy-message.dto.js';
import { type AllowList, requireAllowed } from './signatures/allow-list.js';
import { isWrapper, readWrapper, type SignedMessage } from './signatures/signed-message.js';
import { ANYONE, type Sender } from './signatures/verify-signature.js';
import { type MetricDirections, requireImprovement } from './validation/improvement.js';
import { type Parsed, parseAs } from './validation/parse-as.js';

export const MESSAGE_TYPE = 'model_ready_to_deploy';
export const SUPPORTED_VERSION = /^1(?:\.|$)/;

export interface ParsingRules {
  readonly maxMessageBytes: number;
  /** Percent: a model whose values improve less on its baseline is rejected. */
  readonly minImprovementPercentage: number;
  /** By metric name in lower case. Other metrics have the direction that their words say. */
  readonly metricDirections?: MetricDirections | null;
  /** Hokusai's form of the events is chosen: what it cannot carry is rejected before a token is made for it. */
  readonly hokusaiNetwork?: string | null;
  /** Where the model id is: `model_id` (default), `payload.<field>` or `tags.<key>`. */
  readonly modelIdSource?: string;
  /** The contracts' rule for model ids. Default: none. */
  readonly modelIdRule?: ModelIdRule | null;
  /** MODEL_ID_ALLOW and CONTRIBUTOR_ALLOW, for every message. Default: anything. */
  readonly allow?: AllowList;
}

/**
 * Verifies a signature.
 *
 * @param signed null for a message without a signature
 * @throws MessageRejectedError
 */
export type Identify = (signed: SignedMessage | null) => Sender;

export interface ParsedMessage {
  readonly request: DeploymentRequest;
  readonly budget: Pick<RetryBudget, 'maxRetries' | 'retryCount'>;
  /** Unix milliseconds, by the producer's clock. */
  readonly producedAt: number;
  readonly sender: Sender;
}

/** A message taken apart, its payload not yet looked into. */
interface OpenedMessage extends Pick<ParsedMessage, 'budget'> {
  readonly messageId: string;
  /** Null where there was no envelope to say so. */
  readonly producedAt: number | null;
  readonly payload: JsonObject;
  /** Prefix of the payload's fields in errors. */
  readonly prefix: string;
}

/**
 * Reads and validates one message as it stands in the queue. Takes what the platform's own pydantic models take in lax
 * mode, and a payload without envelope, each also in a signed wrapper. The bytes are only read (M2).
 *
 * @throws MessageRejectedError, and nothing else, for any bytes
 */
export function parseMessage(bytes: Uint8Array, rules: ParsingRules, identify: Identify = () => ANYONE): ParsedMessage {
  const json = readJson(bytes, rules.maxMessageBytes);
  const signed = isJsonObject(json) && isWrapper(json) ? readWrapper(json, decodeUtf8(bytes) ?? '') : null;
  const sender = identify(signed);
  const { producer } = sender;
  const opened =
    signed === null ? open(json, bytes) : open(readJson(signed.content, rules.maxMessageBytes), signed.content);
  const { messageId, budget, payload, prefix } = opened;
  requireVersion(payload, prefix);
  const { value: message, warnings } = parsePayload(payload, prefix, rules.modelIdSource ?? DEFAULT_MODEL_ID_SOURCE);
  requireModelId(message.model_id, rules, prefix);
  const improvement = requireImprovement(message, rules, prefix);
  const request = { ...requestOf(messageId, message, improvement), producer: producer?.name ?? null, warnings };
  if ((rules.hokusaiNetwork ?? null) !== null) requireHokusaiForm(request, payload, prefix);
  if (rules.allow !== undefined) requireAllowed(request, rules.allow, 'MODEL_ID_ALLOW or CONTRIBUTOR_ALLOW');
  if (producer !== null) requireAllowed(request, producer.allow, `the allow list of the producer ${producer.name}`);
  return {
    request,
    budget,
    producedAt: opened.producedAt ?? message.timestamp.getTime(),
    sender,
  };
}

function open(json: unknown, bytes: Uint8Array): OpenedMessage {
  if (!isJsonObject(json)) {
    throw new MessageRejectedError('invalid_envelope', `The message must be a JSON object, got ${excerpt(json)}.`);
  }
  return isFlat(json) ? openFlat(json, bytes) : openEnvelope(json);
}

function openEnvelope(json: JsonObject): OpenedMessage {
  const { value: envelope } = parseAs(MessageEnvelope, json, { prefix: '', reason: 'invalid_envelope' });
  requireType(envelope.message_type);
  return {
    messageId: envelope.message_id,
    // Python takes negative counts; none of them can mean more than none.
    budget: { maxRetries: Math.max(0, envelope.max_retries), retryCount: Math.max(0, envelope.retry_count) },
    producedAt: envelope.timestamp.getTime(),
    payload: envelope.payload,
    prefix: 'payload.',
  };
}

function openFlat(json: JsonObject, bytes: Uint8Array): OpenedMessage {
  requireType(ownValue(json, 'message_type') ?? MESSAGE_TYPE);
  const { max_retries: maxRetries, retry_count: retryCount } = new MessageEnvelope();
  return {
    messageId: flatMessageId(bytes),
    budget: { maxRetries, retryCount },
    producedAt: null,
    payload: json,
    prefix: '',
  };
}

function requireType(type: unknown): void {
  if (type === MESSAGE_TYPE) return;
  throw new MessageRejectedError(
    'unsupported_type',
    `message_type must be "${MESSAGE_TYPE}", got ${excerpt(type)}.`,
    'message_type',
  );
}

/** A version that is not a string is left to the rules of the payload. */
function requireVersion(payload: JsonObject, prefix: string): void {
  const version = ownValue(payload, 'message_version');
  if (typeof version !== 'string' || SUPPORTED_VERSION.test(version)) return;
  const field = `${prefix}message_version`;
  throw new MessageRejectedError(
    'unsupported_version',
    `${field} must be "1" or "1.x", got ${excerpt(version)}.`,
    field,
  );
}

/** Reads the payload with the model id of the source in the place of `model_id`. */
function parsePayload(payload: JsonObject, prefix: string, source: string): Parsed<ModelReadyToDeployMessage> {
  if (source === DEFAULT_MODEL_ID_SOURCE) return parseAs(ModelReadyToDeployMessage, payload, { prefix });
  try {
    return parseAs(ModelReadyToDeployMessage, { ...payload, model_id: valueAtSource(payload, source) }, { prefix });
  } catch (error) {
    const replaced = `${prefix}model_id`;
    if (!(error instanceof MessageRejectedError) || error.field !== replaced) throw error;
    const field = nameOfSource(source, prefix);
    throw new MessageRejectedError(error.reason, field + error.message.slice(replaced.length), field);
  }
}

function requireModelId(modelId: string, rules: ParsingRules, prefix: string): void {
  const rule = rules.modelIdRule ?? null;
  if (rule === null || rule.accepts(modelId)) return;
  const field = nameOfSource(rules.modelIdSource ?? DEFAULT_MODEL_ID_SOURCE, prefix);
  throw new MessageRejectedError('invalid_field', `${field} must ${rule.expectation}, got ${excerpt(modelId)}.`, field);
}

function requireHokusaiForm(request: DeploymentRequest, payload: JsonObject, prefix: string): void {
  const unmet = unmetHokusaiRequirement(request);
  if (unmet === null) return;
  const field = `${prefix}${unmet.field}`;
  throw new MessageRejectedError(
    'invalid_field',
    `${field} must ${unmet.expectation} (DEPLOYED_EVENT_FORMAT=hokusai), got ${excerpt(ownValue(payload, unmet.field))}.`,
    field,
  );
}

function requestOf(
  messageId: string,
  message: ModelReadyToDeployMessage,
  improvementPercentage: number | null,
): Omit<DeploymentRequest, 'producer' | 'warnings'> {
  return {
    messageId,
    record: {
      modelId: message.model_id,
      tokenSymbol: message.token_symbol,
      metricName: message.metric_name,
      baselineValue: message.baseline_value,
      currentValue: message.current_value,
      contributor: message.contributor_address?.checksummed ?? null,
    },
    modelName: message.model_name,
    modelVersion: message.model_version,
    mlflowRunId: message.mlflow_run_id,
    improvementPercentage,
    supplierRecipient: message.model_supplier_recipient?.checksummed ?? null,
  };
}
