import type { Scope } from '../auth/access.decorator.js';

/** Who a token belongs to, and what the page needs to know beside the data. */
export interface SessionBody {
  readonly actor: string;
  readonly scope: Scope;
  readonly service: string;
  readonly version: string;
  readonly chain_id: number;
  readonly network: string;
  /** Without a slash at its end; null when there is none. */
  readonly explorer_url: string | null;
}
