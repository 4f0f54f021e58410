import { SetMetadata } from '@nestjs/common';

/** `operate` includes `read`. */
export type Scope = 'read' | 'operate';

export const ACCESS = 'token-deployer:access';
export type Access = Scope | 'open';

/** Needs no bearer token: probes, metrics and what is the same for every instance. */
export const Public = () => SetMetadata(ACCESS, 'open' satisfies Access);

/** Sets the scope of a route. Default: `operate`. */
export const RequireScope = (scope: Scope) => SetMetadata(ACCESS, scope satisfies Access);
