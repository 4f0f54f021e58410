import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Metrics, RequestContext } from '#telemetry';
import { Problem } from './problem.js';
import type { RouteTable } from './route-table.js';
import { SECURITY_HEADERS } from './security-headers.js';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** What may stand in a log line and in a header; anything else gets an id of ours. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
/** Nginx's status for a client that did not wait for the answer. */
const CLIENT_CLOSED = 499;

/** Gives the request an id, the client's own when it is plain, for headers, log lines and problems. */
export function identifyRequest(requests: RequestContext): Middleware {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    response.set({ ...SECURITY_HEADERS, 'X-Request-Id': requestId });
    requests.run(requestId, next);
  };
}

/** Measures every request, under the template of its route: a path would be a label without bounds. */
export function measureRequest(metrics: Metrics, routes: RouteTable): Middleware {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const route = routes.match(request.path);
    const method = route?.methods.includes(request.method) === true ? request.method : 'other';
    response.once('close', () => {
      const status_code = response.writableFinished ? response.statusCode : CLIENT_CLOSED;
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      metrics.httpRequestDurationSeconds.observe({ method, route: route?.template ?? 'unknown', status_code }, seconds);
    });
    next();
  };
}

/** A body of another type is refused, not ignored: an operator's filter must not turn into "all". */
export function acceptJsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (hasBody && request.is('application/json') === false) throw new Problem('unsupported-media-type');
  next();
}
