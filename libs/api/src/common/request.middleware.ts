import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { type Metrics, REPLICA_ID, type RequestContext } from '#telemetry';
import { findHolder } from '../auth/operator.js';
import { isShallow, jsonLevels } from './json-depth.js';
import { Problem } from './problem.js';
import { findRepeatedKey } from './repeated-key.js';
import type { RouteTable } from './route-table.js';
import { SECURITY_HEADERS } from './security-headers.js';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

const PROBES = /^\/health(?:\/|$)/;
/** Characters that are safe in a log line and in a header. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
/** Status that nginx logs when the client closes the connection early. */
const CLIENT_CLOSED = 499;
/** Methods that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Maximum levels of nested JSON. The API's own bodies have three. */
const MAX_DEPTH = 16;
/** A key that an answer may quote. */
const QUOTABLE_KEY = /^[a-z_]{1,32}$/;
/** Nest's ValidationPipe drops these before it rejects unknown keys. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Sets `X-Request-Id` and the id of log lines and problems. Keeps the client's id when it matches `REQUEST_ID`. */
export function identifyRequest(requests: RequestContext): Middleware {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    response.set({ ...SECURITY_HEADERS, 'X-Request-Id': requestId });
    requests.run(requestId, next);
  };
}

/**
 * Bounds the requests of one address that are served at the same time, before anything of them is read. Never refuses a
 * probe: the kubelet would restart the process.
 */
export function boundConcurrency(maximum: number): Middleware {
  const serving = new Map<string, number>();
  return (request, response, next) => {
    if (PROBES.test(request.path)) return next();
    const address = request.ip ?? 'unknown';
    const count = (serving.get(address) ?? 0) + 1;
    if (count > maximum) throw new Problem('too-many-requests', { headers: { 'Retry-After': '1' } });
    serving.set(address, count);
    response.once('close', () => {
      const left = (serving.get(address) ?? 1) - 1;
      if (left === 0) serving.delete(address);
      else serving.set(address, left);
    });
    next();
  };
}

/**
 * Sets `X-Replica-Id`. Behind a load balancer, a client compares counters, holds and components of one replica only.
 */
export function setReplicaId(_request: Request, response: Response, next: NextFunction): void {
  response.set('X-Replica-Id', REPLICA_ID);
  next();
}

/**
 * Records duration and status by route template: paths would be labels of unbounded cardinality. Logs every request of an
 * operator that may change something, and any other request at level debug.
 */
export function measureRequest(metrics: Metrics, routes: RouteTable): Middleware {
  const logger = new Logger('HttpRequests');
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const route = routes.match(request.path);
    const method = route?.methods.includes(request.method) === true ? request.method : 'other';
    const finish = (): void => {
      const status_code = response.writableFinished ? response.statusCode : CLIENT_CLOSED;
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const labels = { method, route: route?.template ?? 'unknown', status_code };
      metrics.httpRequestDurationSeconds.observe(labels, seconds);
      const actor = findHolder(request)?.id;
      const fields = { ...labels, path: route === null ? undefined : request.path, actor, seconds };
      if (actor === undefined || READING.has(method))
        logger.debug({ event: 'http.request', message: 'request', ...fields });
      else logger.log({ event: 'http.operator_request', message: 'operator request', ...fields });
    };
    // The event comes from the socket, outside of the request's context.
    response.once('close', AsyncResource.bind(finish));
    next();
  };
}

/** Refuses a body of another media type. Ignoring it would replay all dead letters instead of the filtered ones. */
export function acceptJsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (hasBody && request.is('application/json') === false) throw new Problem('unsupported-media-type');
  next();
}

/** Bodies as they were sent. */
const bodies = new WeakMap<IncomingMessage, string>();

/** Keeps the text of a JSON body for `acceptPlainJsonOnly`. */
export function keepBody(request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  bodies.set(request, bytes.toString('utf8'));
}

/**
 * Refuses repeated keys, reserved keys and deep nesting. The validation pipe would drop a reserved key: a body without its
 * filter selects all dead letters. Deep nesting would exhaust the stack when the body is transformed or serialized.
 */
export function acceptPlainJsonOnly(request: Request, _response: Response, next: NextFunction): void {
  if (!isPlain(request.body) || !isPlain(request.query)) {
    throw new Problem('malformed-request', {
      detail: `JSON must have at most ${MAX_DEPTH} levels and none of the keys ${[...PROTOTYPE_KEYS].join(', ')}`,
    });
  }
  const key = findRepeatedKey(bodies.get(request) ?? '');
  if (key !== null) {
    const name = QUOTABLE_KEY.test(key) ? `the key ${key}` : 'a key';
    throw new Problem('malformed-request', { detail: `the JSON object has ${name} twice` });
  }
  next();
}

function isPlain(json: unknown): boolean {
  if (!isShallow(json, MAX_DEPTH)) return false;
  return ![...jsonLevels(json)].flat().some((object) => Object.keys(object).some((key) => PROTOTYPE_KEYS.has(key)));
}
