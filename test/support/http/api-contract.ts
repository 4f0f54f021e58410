import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

const DOCUMENT = new URL('../../../libs/api/src/openapi/openapi.json', import.meta.url);

interface Content {
  readonly schema: object;
}

interface DescribedResponse {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, Content>>;
}

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, DescribedResponse | Ref>> }>>>
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly responses: Readonly<Record<string, DescribedResponse>>;
  };
}

interface Ref {
  readonly $ref: string;
}

/** One status that one operation is documented to answer with. */
export interface DocumentedAnswer {
  /** Such as `GET /dlq/{id}`. */
  readonly operation: string;
  readonly status: number;
  /** Kinds of problems, such as `not-found`; none for an answer that is no problem. */
  readonly problems: readonly string[];
}

/** An answer that was really given. */
export interface GivenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** The committed description of the API, taken at its word: what it does not name must not be in an answer. */
export class ApiContract {
  private readonly described = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Described;
  private readonly validators = new Map<object, ValidateFunction>();
  private readonly ajv = new Ajv2020({ allErrors: true, strict: false });

  constructor() {
    ajvFormats.default(this.ajv);
    const { schemas } = this.described.components;
    this.ajv.addSchema({ $id: 'api', components: { schemas: withoutAdditionalProperties(schemas) } });
  }

  get answers(): readonly DocumentedAnswer[] {
    return Object.entries(this.described.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.entries(responses).map(([status, response]) => ({
          operation: `${method.toUpperCase()} ${path}`,
          status: Number(status),
          problems: '$ref' in response ? (response.$ref.split('/').at(-1) ?? '').split('.') : [],
        })),
      ),
    );
  }

  /** The operation of a request, such as `GET /dlq/{id}` of GET /dlq/7; null when there is none. */
  operationOf(method: string, path: string): string | null {
    const templates = Object.keys(this.described.paths).toSorted((a, b) => a.split('{').length - b.split('{').length);
    const template = templates.find(
      (it) =>
        new RegExp(`^${it.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path) && method.toLowerCase() in this.operations(it),
    );
    return template === undefined ? null : `${method} ${template}`;
  }

  /** What is wrong with an answer; nothing when it is as documented. */
  violations(operation: string, given: GivenAnswer): readonly string[] {
    const [method = '', path = ''] = operation.split(' ');
    const response = this.resolved(this.operations(path)[method.toLowerCase()]?.responses[given.status]);
    if (response === null) return [`${operation} is not documented to answer ${given.status}`];
    const mediaType = given.contentType.split(';')[0] ?? '';
    const content = response.content[mediaType];
    if (content === undefined) return [`${operation} is not documented to answer ${given.status} as ${mediaType}`];
    const missing = Object.keys(response.headers ?? {}).filter((name) => !(name.toLowerCase() in given.headers));
    const validate = this.validatorOf(content.schema);
    validate(given.body);
    const errors = (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [operation, given.status, instancePath, message, JSON.stringify(params)].join(' '),
    );
    return [...missing.map((name) => `${operation} ${given.status} lacks the header ${name}`), ...errors];
  }

  private operations(path: string): Described['paths'][string] {
    return this.described.paths[path] ?? {};
  }

  private resolved(response: DescribedResponse | Ref | undefined): DescribedResponse | null {
    if (response === undefined) return null;
    if (!('$ref' in response)) return response;
    return this.described.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? null;
  }

  private validatorOf(schema: object): ValidateFunction {
    const known = this.validators.get(schema);
    if (known !== undefined) return known;
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object;
    const validate = this.ajv.compile(absolute);
    this.validators.set(schema, validate);
    return validate;
  }
}

/** Objects hold no more than is documented, unless their schema says that they may. */
function withoutAdditionalProperties(schemas: Described['components']['schemas']): object {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { additionalProperties: false, ...schema }]),
  );
}
