import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { TokenHolder } from './bearer-tokens.service.js';

const holders = new WeakMap<Request, TokenHolder>();

export function rememberHolder(request: Request, holder: TokenHolder): void {
  holders.set(request, holder);
}

/** Whose token the guard admitted the request with. */
export function holderOf(request: Request): TokenHolder {
  const holder = holders.get(request);
  if (holder === undefined) throw new Error('an open route has no actor');
  return holder;
}

/** Id of the token that the guard admitted the request with. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return holderOf(context.switchToHttp().getRequest<Request>()).id;
});
