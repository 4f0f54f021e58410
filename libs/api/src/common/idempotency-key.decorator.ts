import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

const ids = new WeakMap<Request, string>();

/** An id that is the same when the same request comes again under the same idempotency key. */
export function rememberIdempotentRequestId(request: Request, key: string, fingerprint: string): void {
  ids.set(request, createHash('sha256').update(`${key}\n${fingerprint}`).digest('hex').slice(0, 32));
}

/** Null when the request has no idempotency key. */
export const IdempotentRequestId = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  return ids.get(context.switchToHttp().getRequest<Request>()) ?? null;
});
