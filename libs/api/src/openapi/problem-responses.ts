import type { OpenAPIObject } from '@nestjs/swagger';
import { ACCESS, type Access, SCOPES } from '../auth/access.decorator.js';
import { type ProblemCode, PROBLEMS } from '../common/problem.js';
import type { Endpoint } from '../common/route-table.js';
import { PROBLEM_CODES } from './api-problems.decorator.js';
import { getSchemaPath } from './swagger.decorator.js';
import { ProblemDto } from './problem.dto.js';

type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;
type ResponseObject = Exclude<Responses[string], { $ref: string }>;

const ADMISSION = ['unauthorized', 'too-many-failures', 'rate-limited', 'ops-api-disabled'] as const;
/** A body is read. */
const OF_BODY = ['malformed-request', 'invalid-request', 'payload-too-large', 'unsupported-media-type'] as const;
/** A POST may come with an `Idempotency-Key`, which stands in Redis. */
const OF_POST = [...OF_BODY, 'request-in-progress', 'idempotency-key-reused'] as const;

/** Headers that come with every problem of a status. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'challenge (RFC 6750)' },
  403: { 'WWW-Authenticate': 'required scope (RFC 6750)' },
  429: { 'Retry-After': 'seconds' },
};

export function accessTo({ handler }: Endpoint): Access {
  const access: unknown = Reflect.getMetadata(ACCESS, handler);
  return access === 'open' ? access : (SCOPES.find((scope) => scope === access) ?? 'operate');
}

/** One answer that an endpoint may give instead: all its problems of one status. */
interface ProblemResponse {
  readonly status: number;
  /** The same for the same problems. */
  readonly name: string;
  readonly response: ResponseObject;
}

/** The problems that an endpoint may answer with; null for one that does not say. */
export function problemResponses(endpoint: Endpoint): readonly ProblemResponse[] | null {
  const own: unknown = Reflect.getMetadata(PROBLEM_CODES, endpoint.handler);
  if (!Array.isArray(own)) return null;
  const codes = new Set([...commonProblems(endpoint), ...own.filter((code): code is ProblemCode => code in PROBLEMS)]);
  const statuses = new Set([...codes].map((code) => PROBLEMS[code][0]));
  return [...statuses].map((status) =>
    problemResponse(
      status,
      [...codes].filter((code) => PROBLEMS[code][0] === status),
    ),
  );
}

function commonProblems(endpoint: Endpoint): readonly ProblemCode[] {
  const access = accessTo(endpoint);
  return [
    ...(access === 'open' ? [] : ADMISSION),
    ...(access === 'operate' || access === 'policy' ? (['forbidden'] as const) : []),
    ...(endpoint.method === 'POST' ? OF_POST : endpoint.method === 'PUT' ? OF_BODY : []),
    ...(endpoint.template.includes(':') ? (['malformed-request'] as const) : []),
  ];
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ProblemResponse {
  const headers = HEADERS[status];
  const narrowed = {
    properties: {
      type: { enum: codes.map((code) => `urn:token-deployer:problem:${code}`) },
      status: { enum: [status] },
    },
  };
  const schema = { allOf: [{ $ref: getSchemaPath(ProblemDto) }, narrowed] };
  const response = {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}`).join('. '),
    ...(headers === undefined ? {} : { headers: headerObjects(headers) }),
    content: { 'application/problem+json': { schema } },
  };
  return { status, name: codes.join('.'), response };
}

function headerObjects(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, required: true, schema: { type: 'string' } },
    ]),
  );
}
