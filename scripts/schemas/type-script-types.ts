import type { JsonSchema } from '#messages';
import { definitionOf, fieldsOf, type MessageField } from './message-fields.js';

const TYPES: Readonly<Record<string, string>> = {
  integer: 'number',
  map: 'Readonly<Record<string, string>>',
  object: 'ModelReadyToDeployPayload',
};

/** The types of the TypeScript producer, and the schema that it checks messages with. */
export function typeScriptTypes(schema: JsonSchema, json: string): string {
  return `// Written by \`npm run docs:schemas\`. Do not edit.

${interfaceOf('ModelReadyToDeployPayload', 'A model that is ready for its token.', definitionOf(schema, 'payload'))}
${interfaceOf('MessageEnvelope', 'A message with an envelope.', definitionOf(schema, 'envelope'))}
/** A message without an envelope. */
export interface FlatMessage extends ModelReadyToDeployPayload {
${fieldsOf(definitionOf(schema, 'flat')).map(fieldText).join('\n')}
}

export const MESSAGE_SCHEMA = ${json};
`;
}

function interfaceOf(name: string, comment: string, schema: JsonSchema): string {
  return `/** ${comment} */
export interface ${name} {
${fieldsOf(schema).map(fieldText).join('\n')}
}
`;
}

function fieldText({ name, description, isRequired, types }: MessageField): string {
  const type = [...new Set(types.map((it) => TYPES[it] ?? it))].join(' | ').replaceAll('"', "'");
  return `  /** ${description} */\n  readonly ${name}${isRequired ? '' : '?'}: ${type};`;
}
