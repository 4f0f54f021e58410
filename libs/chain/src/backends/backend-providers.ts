import type { TokenLookup, TokenBackend } from '#core';
import type { TokenRestorer } from '../history/token-restorer.port.js';

/** What stands behind the ports that differ between families of contracts. */
export abstract class BackendProviders {
  abstract readonly backend: TokenBackend;
  abstract readonly tokenLookup: TokenLookup;
  abstract readonly tokenRestorer: TokenRestorer;
}
