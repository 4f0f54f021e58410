import type { JsonSchema } from '#messages';

/** What a producer may put into one field of a message. */
export interface MessageField {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** `string`, `number`, `integer`, `object`, `map` of strings, `null`, or a literal in JSON. */
  readonly types: readonly string[];
}

/** The fields of one part of the message schema. Leaves out what is accepted only to be ignored. */
export function fieldsOf({ properties = {}, required = [] }: JsonSchema): readonly MessageField[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
    isRequired: required.includes(name),
    types: typesOf(schema),
  }));
}

/** The part of the message schema with that name. */
export function definitionOf(schema: JsonSchema, name: string): JsonSchema {
  return schema.$defs?.[name] ?? {};
}

function typesOf(schema: JsonSchema): readonly string[] {
  const { anyOf, const: literal, enum: literals, type, additionalProperties, 'x-usedWhen': used } = schema;
  if (literal !== undefined) return [JSON.stringify(literal)];
  if (literals !== undefined) return literals.map((it) => JSON.stringify(it));
  if (anyOf !== undefined) return [...new Set(anyOf.flatMap((it) => typesOf(it)))];
  if (type === undefined) return [...typesOf(used ?? {}), 'null'];
  if (additionalProperties !== undefined) return ['map'];
  return typeof type === 'string' ? [type] : type;
}
