import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { TextBounds } from '../validation/validators.js';
import type { JsonSchema } from './json-schema.js';
import {
  addressSchema,
  integerSchema,
  metricSchema,
  numberSchema,
  patternSchema,
  textSchema,
  timestampSchema,
} from './rule-schemas.js';

/** One decorator of class-validator on one property, as class-validator registers it. */
interface Rule {
  readonly name?: string;
  readonly type: string;
  readonly each: boolean;
  readonly constraints?: readonly unknown[];
  readonly validateIf?: (instance: object, value: unknown) => boolean;
  readonly context?: { readonly ignorable?: boolean };
  readonly message?: unknown;
}

/** The schema of the JSON objects that a class reads and its decorators accept. */
export function classSchema(type: new () => object): JsonSchema {
  const storage = getMetadataStorage();
  const rules = storage.groupByPropertyName(storage.getTargetValidationMetadatas(type, '', false, false));
  const defaults = Object.entries(new type());
  return {
    type: 'object',
    properties: Object.fromEntries(
      defaults.map(([property, value]) => [property, propertySchema(type, property, rules[property] ?? [], value)]),
    ),
    required: defaults.flatMap(([property, value]) =>
      value === undefined && !mayBe(undefined, property, rules[property] ?? []) ? [property] : [],
    ),
  };
}

function propertySchema(
  type: new () => object,
  property: string,
  registered: readonly Rule[],
  byDefault: unknown,
): JsonSchema {
  const rules = registered.filter(({ type: kind }) => kind !== ValidationTypes.CONDITIONAL_VALIDATION);
  const readsText = typeof Reflect.get(plainToInstance(type, { [property]: '3' }), property) === 'number';
  const schemaOf = (some: readonly Rule[]): JsonSchema =>
    Object.fromEntries(some.flatMap((rule) => Object.entries(ruleSchema(rule, readsText))));
  const binding = rules.filter((rule) => rule.context?.ignorable !== true);
  const ignorable = rules.filter((rule) => rule.context?.ignorable === true);
  const schema = binding.length > 0 && mayBe(null, property, registered) ? orNull(schemaOf(binding)) : schemaOf(binding);
  return {
    description: [
      ...new Set([
        ...binding.map((rule) => `${sentence(rule)}.`),
        ...ignorable.map((rule) => `${sentence(rule)}; otherwise it counts as null, with a warning.`),
      ]),
    ].join(' '),
    ...schema,
    ...(byDefault === undefined || byDefault === null ? {} : { default: byDefault }),
    ...(ignorable.length === 0 ? {} : { 'x-usedWhen': schemaOf(ignorable) }),
  };
}

/** Whether the binding rules let null, or nothing, pass. */
function mayBe(value: null | undefined, property: string, registered: readonly Rule[]): boolean {
  const instance = { [property]: value };
  return (
    registered.some(
      ({ type, constraints: [applies] = [] }) =>
        type === ValidationTypes.CONDITIONAL_VALIDATION &&
        typeof applies === 'function' &&
        Reflect.apply(applies, null, [instance, value]) === false,
    ) ||
    registered
      .filter((rule) => rule.context?.ignorable !== true)
      .every(({ validateIf = () => true }) => !validateIf(instance, value))
  );
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, anyOf = [] } = schema;
  return typeof type === 'string'
    ? { ...schema, type: [type, 'null'] }
    : { ...schema, anyOf: [...anyOf, { type: 'null' }] };
}

function ruleSchema(rule: Rule, readsText: boolean): JsonSchema {
  const schema = valueSchema(rule, readsText);
  return rule.each ? { type: 'array', items: schema } : schema;
}

/** @throws Error for a decorator that no schema is known of */
function valueSchema({ name = '', constraints = [] }: Rule, readsText: boolean): JsonSchema {
  const [constraint] = constraints;
  switch (name) {
    case 'isText':
      if (isTextBounds(constraint)) return textSchema(constraint);
      break;
    case 'isString':
      return { type: 'string' };
    case 'maxLength':
      return { maxLength: constraint };
    case 'isStringMap':
      return { type: 'object', additionalProperties: { type: 'string' } };
    case 'isObject':
      return { type: 'object' };
    case 'isArray':
      return { type: 'array' };
    case 'isIn':
      if (Array.isArray(constraint)) return { type: 'string', enum: constraint };
      break;
    case 'matches':
      if (constraint instanceof RegExp) return patternSchema(constraint);
      break;
    case 'isInt':
      return integerSchema(readsText);
    case 'isNumber':
      return numberSchema(readsText);
    // A number's bounds; those of a text that is read as a number are `x-asNumber`.
    case 'min':
      return readsText ? {} : { minimum: constraint };
    case 'max':
      return readsText ? {} : { maximum: constraint };
    case 'isPositive':
      return { exclusiveMinimum: 0 };
    case 'isMetric':
      return metricSchema();
    case 'isDate':
      return timestampSchema();
    case 'isEvmAddress':
      return addressSchema();
    // The rule after it says the same, and more.
    case 'isDecimal':
    case 'isAddressText':
      return {};
    default:
  }
  throw new Error(`no JSON Schema is known for the rule ${name}: add it to class-schema.ts`);
}

function isTextBounds(value: unknown): value is TextBounds {
  return typeof value === 'object' && value !== null && 'min' in value && 'max' in value;
}

/** The expectation that completes "the field must ..." in errors. */
function sentence({ message }: Rule): string {
  const expectation: unknown = typeof message === 'function' ? Reflect.apply(message, null, [{}]) : message;
  return `Must ${String(expectation)}`;
}
