import { SetMetadata } from '@nestjs/common';

/** `operate` includes `read`. */
export type Scope = 'read' | 'operate';

export const ACCESS = 'token-deployer:access';
export type Access = Scope | 'open';

/** No bearer token needed: probes and metrics only. */
export const Public = () => SetMetadata(ACCESS, 'open' satisfies Access);

/** A token that may read is enough. Without this, or `Public`, a route needs one that may operate. */
export const Readable = () => SetMetadata(ACCESS, 'read' satisfies Access);
