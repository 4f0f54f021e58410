import { SetMetadata } from '@nestjs/common';

/** Scopes of tokens; each includes those before it. */
export const SCOPES = ['read', 'operate', 'policy'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a token of a scope is enough for what another one is needed for. */
export function includesScope(given: Scope, required: Scope): boolean {
  return SCOPES.indexOf(given) >= SCOPES.indexOf(required);
}

export const ACCESS = 'token-deployer:access';
export type Access = Scope | 'open';

/** Needs no bearer token: probes, metrics and what is the same for every instance. */
export const Public = () => SetMetadata(ACCESS, 'open' satisfies Access);

/** Sets the scope of a route. Default: `operate`. */
export const RequireScope = (scope: Scope) => SetMetadata(ACCESS, scope satisfies Access);
