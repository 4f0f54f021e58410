import type { TokenLookup, TokenBackend } from '#core';
import type { TokenRestorer } from '../history/token-restorer.port.js';

/** Implementations of the ports that depend on `TOKEN_BACKEND`. */
export abstract class BackendProviders {
  abstract readonly backend: TokenBackend;
  abstract readonly tokenLookup: TokenLookup;
  abstract readonly tokenRestorer: TokenRestorer;
}
