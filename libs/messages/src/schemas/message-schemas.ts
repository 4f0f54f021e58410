import { BinaryOriginal, DeadLetterEntry, TextOriginal } from '../dead-letters/dead-letter-entry.dto.js';
import { MessageEnvelope } from '../envelope/message-envelope.dto.js';
import { ModelReadyToDeployMessage } from '../envelope/model-ready-to-deploy-message.dto.js';
import {
  HokusaiTokenDeployedEvent,
  TokenDeployedEvent,
  TokenUnregisteredEvent,
} from '../events/token-deployed-event.dto.js';
import { MESSAGE_TYPE, type ParsingRules, SUPPORTED_VERSION } from '../parse-message.js';
import { SIGNATURE_ALGORITHMS } from '../signatures/signed-message.js';
import { LOWER_IS_BETTER, NEGATED } from '../validation/improvement.js';
import { classSchema } from './class-schema.js';
import type { JsonSchema } from './json-schema.js';
import { patternSchema } from './rule-schemas.js';

type Limits = Pick<ParsingRules, 'maxMessageBytes' | 'minImprovementPercentage'>;

/**
 * The JSON Schemas of everything that other systems write and read, by file name.
 *
 * They are made of the decorators of the message classes. Rules that JSON Schema does not know have keywords that begin
 * with `x-`.
 */
export function messageSchemas(limits: Limits): Readonly<Record<string, JsonSchema>> {
  return {
    'model-ready-to-deploy': document('model-ready-to-deploy', 'Message of the queue', messageSchema(limits)),
    'signed-message': document('signed-message', 'Signed message of the queue', signedMessageSchema()),
    'dead-letter': document('dead-letter', 'Dead letter', deadLetterSchema()),
    'token-deployed': document('token-deployed', 'Event token_deployed', classSchema(TokenDeployedEvent)),
    'token-deployed-unregistered': document(
      'token-deployed-unregistered',
      'Event token_deployed_unregistered',
      classSchema(TokenUnregisteredEvent),
    ),
    'token-deployed-hokusai': document('token-deployed-hokusai', "Event token_deployed in Hokusai's form", {
      ...classSchema(HokusaiTokenDeployedEvent),
      additionalProperties: false,
    }),
  };
}

function document(name: string, title: string, schema: JsonSchema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:hokusai-token-deployer:schema:${name}`,
    title,
    ...schema,
  };
}

/** What `parseMessage` takes with the default settings. */
function messageSchema({ maxMessageBytes, minImprovementPercentage }: Limits): JsonSchema {
  const payload = classSchema(ModelReadyToDeployMessage);
  const envelope = classSchema(MessageEnvelope);
  return {
    type: 'object',
    'x-maxMessageBytes': maxMessageBytes,
    if: { required: ['model_id'], not: { required: ['payload'] } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { $ref: '#/$defs/flat' },
    else: { $ref: '#/$defs/envelope' },
    $defs: {
      envelope: withProperties(envelope, { message_type: { const: MESSAGE_TYPE }, payload: { $ref: '#/$defs/payload' } }),
      flat: {
        $ref: '#/$defs/payload',
        properties: { message_type: { description: `Must be ${MESSAGE_TYPE} or null.`, enum: [MESSAGE_TYPE, null] } },
      },
      payload: {
        ...withProperties(payload, { message_version: patternSchema(SUPPORTED_VERSION) }),
        'x-improvement': {
          minPercent: minImprovementPercentage,
          lowerIsBetter: [...LOWER_IS_BETTER],
          negated: [...NEGATED],
        },
      },
    },
  };
}

/** What `readWrapper` takes. */
function signedMessageSchema(): JsonSchema {
  return closed({
    message: text('Must be the exact text of a message of the queue (model-ready-to-deploy.json).'),
    signature: closed({
      key_id: text('Must be the id of a key in MESSAGE_KEYS_FILE.'),
      algorithm: { ...text('Must be the algorithm of the key.'), enum: [...SIGNATURE_ALGORITHMS] },
      value: text('Must be the signature over the UTF-8 bytes of the message, in base64.'),
    }),
  });
}

function text(description: string): JsonSchema {
  return { type: 'string', description };
}

function closed(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function withProperties(schema: JsonSchema, added: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const { properties = {} } = schema;
  const merged = Object.entries(added).map(([name, rules]): [string, JsonSchema] => [
    name,
    { ...properties[name], ...rules },
  ]);
  return { ...schema, properties: { ...properties, ...Object.fromEntries(merged) } };
}

function deadLetterSchema(): JsonSchema {
  return { ...classSchema(DeadLetterEntry), oneOf: [classSchema(TextOriginal), classSchema(BinaryOriginal)] };
}
