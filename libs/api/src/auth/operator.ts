import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { OperatorAction } from '#core';
import { RequestContext } from '#telemetry';
import type { TokenHolder } from './bearer-tokens.service.js';

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
  constructor(private readonly requests: RequestContext) {}

  of(actor: string, note: string | undefined): OperatorAction {
    return { actor, requestId: this.requests.requestId ?? '', note: note ?? null };
  }
}
