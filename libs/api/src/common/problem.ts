import { HttpException } from '@nestjs/common';

/** Status and title of every problem that a client may meet (RFC 9457). The code is the stable part. */
export const PROBLEMS = {
  'malformed-request': [400, 'The request cannot be read'],
  'invalid-request': [400, 'The request is not valid'],
  unauthorized: [401, 'A valid bearer token is needed'],
  forbidden: [403, 'The bearer token does not allow this'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'replay-running': [409, 'Another replay is running'],
  'replay-ended': [409, 'The replay is over'],
  'already-deployed': [409, 'The model of the dead letter has its token; force replays it anyway'],
  'already-restored': [409, 'The dead letter was restored before'],
  'request-in-progress': [409, 'A request with this idempotency key is at work'],
  'request-timeout': [408, 'The request did not come to its end'],
  'payload-too-large': [413, 'The request body is too large'],
  'unsupported-media-type': [415, 'The request body must be JSON'],
  'expectation-failed': [417, 'The header Expect asks for too much'],
  'idempotency-key-reused': [422, 'The idempotency key was used for another request'],
  unreplayable: [422, 'The dead letter holds no message'],
  'too-many-failures': [429, 'Too many requests with a wrong bearer token'],
  'headers-too-large': [431, 'The target and the headers of the request are too large'],
  'internal-error': [500, 'The service failed'],
  'ops-api-disabled': [503, 'The operator API has no token and is off'],
  'dependency-unavailable': [503, 'A dependency does not answer'],
  'worker-loop-stalled': [503, 'The worker loop does not turn'],
  'not-ready': [503, 'The service is not ready'],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

interface ProblemExtras {
  /** For people; free of secrets and of what the client sent. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** An answer that is not the one the client asked for. */
export class Problem extends HttpException {
  readonly headers: Readonly<Record<string, string>>;
  /** The body, but for the id of the request. */
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
