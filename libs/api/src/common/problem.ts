import { HttpException } from '@nestjs/common';

/** Status and title by problem code (RFC 9457). Clients match the code; titles may change. */
export const PROBLEMS = {
  'malformed-request': [400, 'Malformed request'],
  'invalid-request': [400, 'Invalid request'],
  unauthorized: [401, 'Missing or invalid bearer token'],
  forbidden: [403, 'Insufficient token scope'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'policy-changed': [409, 'The policy has another version: read it again'],
  'replay-running': [409, 'Another replay is running'],
  'replay-ended': [409, 'The replay has ended'],
  'already-deployed': [409, 'The model already has a token; set force to replay'],
  'already-restored': [409, 'The dead letter is already restored'],
  'request-in-progress': [409, 'A request with this idempotency key is in progress'],
  'request-timeout': [408, 'Request timeout'],
  'payload-too-large': [413, 'The request body is too large'],
  'unsupported-media-type': [415, 'The request body must be JSON'],
  'expectation-failed': [417, 'Unsupported Expect header'],
  'idempotency-key-reused': [422, 'The idempotency key was used for another request'],
  unreplayable: [422, 'The dead letter holds no message'],
  'too-many-failures': [429, 'Too many requests with a wrong bearer token'],
  'rate-limited': [429, 'Too many requests with this bearer token'],
  'too-many-requests': [429, 'Too many requests of one address at the same time'],
  'headers-too-large': [431, 'Request target or headers are too large'],
  'internal-error': [500, 'Internal error'],
  'ops-api-disabled': [503, 'The operator API is disabled: no bearer token is configured'],
  'dependency-unavailable': [503, 'A dependency is unavailable'],
  'worker-loop-stalled': [503, 'The worker loop is stalled'],
  'not-ready': [503, 'The service is not ready'],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

interface ProblemExtras {
  /** Human-readable. Holds no secrets and nothing from the request. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Additional members of the body. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An error answer (RFC 9457). */
export class Problem extends HttpException {
  readonly headers: Readonly<Record<string, string>>;
  /** Body, except `request_id`. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, { detail, headers = {}, members = {} }: ProblemExtras = {}) {
    const [status, title] = PROBLEMS[code];
    super(title, status);
    this.headers = headers;
    this.body = {
      type: `urn:token-deployer:problem:${code}`,
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...members,
    };
  }
}
