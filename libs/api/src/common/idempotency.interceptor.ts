import { createHash } from 'node:crypto';
import {
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { IdempotencyKeys, type StoredAnswer } from '#core';
import { holderOf } from '../auth/operator.js';
import { Problem } from './problem.js';

const KEY = /^[\x21-\x7E]{1,255}$/;

const requestIds = new WeakMap<Request, string>();

/** Parameter decorator: an id that repeats with the request and its idempotency key. Null when the request has no key. */
export const IdempotentRequestId = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  return requestIds.get(context.switchToHttp().getRequest<Request>()) ?? null;
});

/**
 * Executes a POST with an `Idempotency-Key` once and repeats its answer for 24 hours
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). Stores successful answers only, so a
 * failed request can be retried.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const given = request.get('idempotency-key');
    if (request.method !== 'POST' || given === undefined) return next.handle();
    if (!KEY.test(given))
      throw new Problem('invalid-request', { detail: 'Idempotency-Key must be 1 to 255 visible characters' });
    const response = context.switchToHttp().getResponse<Response>();
    return from(this.once(`${holderOf(request).id} ${given}`, request, response, next));
  }

  private async once(key: string, request: Request, response: Response, next: CallHandler<unknown>): Promise<unknown> {
    const fingerprint = fingerprintOf(request);
    const reservation = await this.keys.reserve(key, fingerprint);
    if (reservation.kind === 'mismatch') throw new Problem('idempotency-key-reused');
    if (reservation.kind === 'in_progress')
      throw new Problem('request-in-progress', { headers: { 'Retry-After': '5' } });
    if (reservation.kind === 'exhausted') {
      const headers = { 'Retry-After': String(Math.ceil(reservation.waitMs / 1000)) };
      throw new Problem('rate-limited', { detail: 'too many bytes of idempotent answers in this hour', headers });
    }
    if (reservation.kind === 'answered') return repeated(reservation.answer, response);
    requestIds.set(request, createHash('sha256').update(`${key}\n${fingerprint}`).digest('hex').slice(0, 32));
    try {
      const body = await lastValueFrom(next.handle());
      await this.quietly(this.keys.store(key, fingerprint, answerOf(response, body)));
      return body;
    } catch (error) {
      await this.quietly(this.keys.forget(key));
      throw error;
    }
  }

  /** Logs a failed write: it must not replace the result or the error of the request. */
  private async quietly(write: Promise<void>): Promise<void> {
    try {
      await write;
    } catch (error) {
      this.logger.warn({ event: 'idempotency_key.write_failed', message: 'idempotency key not written', error });
    }
  }
}

function fingerprintOf(request: Request): string {
  const body: unknown = request.body;
  return createHash('sha256')
    .update(`${request.method} ${request.originalUrl}\n${JSON.stringify(body ?? null)}`)
    .digest('hex');
}

function answerOf(response: Response, body: unknown): StoredAnswer {
  const location = response.get('location');
  return { status: response.statusCode, headers: location === undefined ? {} : { Location: location }, body };
}

function repeated({ status, headers, body }: StoredAnswer, response: Response): unknown {
  response.status(status).set({ ...headers, 'Idempotent-Replayed': 'true' });
  return body;
}
