import type { ApiPropertyOptions } from '@nestjs/swagger';
import { DescribedField, schemaOf } from './described.decorator.js';

/** What the fields of answers may hold. Large numbers are digits in strings: JSON numbers would lose some. */
const FORMS = {
  text: { type: 'string' },
  texts: { type: 'array', items: { type: 'string' } },
  instant: { type: 'string', format: 'date-time' },
  hash: { type: 'string', pattern: '^0x[0-9a-f]{64}$' },
  address: { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
  digits: { type: 'string', pattern: String.raw`^\d+$` },
  decimal: { type: 'string', pattern: String.raw`^-?\d+(\.\d+)?$` },
  count: { type: 'integer', minimum: 0 },
  number: { type: 'number' },
  flag: { type: 'boolean' },
} as const satisfies Readonly<Record<string, ApiPropertyOptions>>;

interface Particulars {
  readonly orNull?: boolean;
  readonly optional?: boolean;
  readonly oneOf?: readonly string[];
}

/** A field of an answer. */
export function Shown(form: keyof typeof FORMS, description: string, particulars: Particulars = {}): PropertyDecorator {
  const { oneOf } = particulars;
  return shown({ ...FORMS[form], description, ...(oneOf === undefined ? {} : { enum: [...oneOf] }) }, particulars);
}

/** A field that holds another answer's object. */
export function ShownObject(type: Function, description: string, particulars: Particulars = {}) {
  return shown({ type, description }, particulars);
}

/** A field that holds a list of objects. */
export function ShownList(type: Function, description: string, particulars: Particulars = {}): PropertyDecorator {
  return shown({ type, isArray: true, description }, particulars);
}

/** A field that holds one object for each name; the names are not known beforehand. */
export function ShownByName(type: Function, description: string, particulars: Particulars = {}): PropertyDecorator {
  return shown({ type: 'object', additionalProperties: schemaOf(type), description }, particulars);
}

/** A field that holds whatever somebody else wrote. */
export function ShownAsItCame(description: string, particulars: Particulars = {}): PropertyDecorator {
  const object = { type: 'object', additionalProperties: true };
  const forms = [
    object,
    { type: 'array', items: {} },
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
  ];
  return shown({ anyOf: forms, description }, particulars);
}

function shown(options: ApiPropertyOptions, { orNull = false, optional = false }: Particulars): PropertyDecorator {
  const presence: ApiPropertyOptions = { required: !optional, ...(orNull ? { nullable: true } : {}) };
  return DescribedField(Object.assign(options, presence));
}
