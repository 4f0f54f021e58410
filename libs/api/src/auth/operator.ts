import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AuditTrail, type OperatorAction } from '#core';
import { RequestContext } from '#telemetry';
import { Problem } from '../common/problem.js';
import type { TokenHolder } from './bearer-tokens.service.js';

/** Of notes and discarded dead letters, of all operators. One request may exceed it. */
const MAX_AUDIT_BYTES_PER_HOUR = 64 * 1024 * 1024;

const holders = new WeakMap<Request, TokenHolder>();

export function rememberHolder(request: Request, holder: TokenHolder): void {
  holders.set(request, holder);
}

/** Returns the holder of the token that the guard accepted; undefined without one. */
export function findHolder(request: Request): TokenHolder | undefined {
  return holders.get(request);
}

/** Returns the holder of the token that the guard accepted. Throws for a public route. */
export function holderOf(request: Request): TokenHolder {
  const holder = findHolder(request);
  if (holder === undefined) throw new Error('a public route has no token holder: remove @Actor or @Public');
  return holder;
}

/** Parameter decorator: id of the token that the guard accepted. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return holderOf(context.switchToHttp().getRequest<Request>()).id;
});

/** Creates the actor, request id and note of an audit record. */
@Injectable()
export class OperatorActions {
  constructor(
    private readonly requests: RequestContext,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws Problem for a note when those of the last hour take too many bytes; an action without one always passes */
  async of(actor: string, note: string | undefined): Promise<OperatorAction> {
    if (note !== undefined && (await this.trail.bytesOfLastHour()) >= MAX_AUDIT_BYTES_PER_HOUR) {
      throw new Problem('rate-limited', {
        detail: 'too many bytes of notes and discarded entries in this hour; an action without a note passes',
        headers: { 'Retry-After': '60' },
      });
    }
    return { actor, requestId: this.requests.requestId ?? '', note: note ?? null };
  }
}
