import { QueueConfig, readSettings } from '#config';
import { messageSchemas } from '#messages';
import { asyncApiDocument } from './async-api.js';
import { pydanticModels } from './pydantic-models.js';
import { typeScriptTypes } from './type-script-types.js';

const NOT_ASCII = /[^\n\x20-\x7e]/g;

/** Path and text of every file that is written from the classes of the messages. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const defaults = readSettings({}, [QueueConfig]).get(QueueConfig);
  const schemas = messageSchemas(defaults);
  const message = schemas['model-ready-to-deploy'] ?? {};
  return new Map([
    ...Object.entries(schemas).map(([name, schema]): [string, string] => [`schemas/${name}.json`, jsonText(schema)]),
    ['schemas/asyncapi.json', jsonText(asyncApiDocument(defaults))],
    ['clients/typescript/src/message.ts', typeScriptTypes(message, jsonText(message).trimEnd())],
    ['clients/python/hokusai_token_producer/models.py', pydanticModels(message)],
    ['clients/python/hokusai_token_producer/model_ready_to_deploy.json', jsonText(message)],
  ]);
}

/** JSON of ASCII characters only: the others of a pattern are invisible, or look like another. */
function jsonText(value: object): string {
  const text = JSON.stringify(value, null, 2).replaceAll(
    NOT_ASCII,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
