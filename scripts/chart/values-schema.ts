import { FactoryConfig, TokenManagerConfig } from '#config';
import { chartVariables } from './environment.js';

type Json = Readonly<Record<string, unknown>>;

/** Text only: Helm turns a large number into a float, which 11155111 does not survive. */
const PLAIN = { type: 'string', minLength: 1 };
/** Variables that have one of a few words, in the one way that the chart's own conditions know. */
const CHOICES: Json = {
  [FactoryConfig.enabledWhen.variable]: {
    enum: [FactoryConfig.enabledWhen.value, TokenManagerConfig.enabledWhen.value],
  },
};
/** Key of a Kubernetes secret. Empty, or null to undo a default: the variable is not used. */
const SECRET_KEY = { type: ['string', 'null'], pattern: '^[-._a-zA-Z0-9]{0,253}$' };

/** The schema with exactly the variables that the service reads, in `config` and in `secrets.keys`. */
export function withVariables(schema: unknown): Json {
  const root = record(schema);
  const properties = record(root['properties']);
  const secrets = record(properties['secrets']);
  const secretProperties = record(secrets['properties']);
  const keys = { ...record(secretProperties['keys']), properties: named(true, SECRET_KEY) };
  return {
    ...root,
    properties: {
      ...properties,
      config: { ...record(properties['config']), properties: { ...named(false, PLAIN), ...CHOICES } },
      secrets: { ...secrets, properties: { ...secretProperties, keys } },
    },
  };
}

function named(secret: boolean, schema: Json): Json {
  const variables = chartVariables().filter((variable) => variable.secret === secret);
  return Object.fromEntries(variables.map(({ name }) => [name, schema]));
}

function record(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error('values.schema.json lacks config or secrets.keys');
  return { ...value };
}
