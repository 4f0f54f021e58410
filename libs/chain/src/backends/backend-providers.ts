import type { TokenLookup, TokenBackend } from '#core';
import type { PermittedCall } from '#signing';
import type { TokenRestorer } from '../history/token-restorer.port.js';

/** Implementations of the ports that depend on `TOKEN_BACKEND`. */
export abstract class BackendProviders {
  abstract readonly backend: TokenBackend;
  abstract readonly tokenLookup: TokenLookup;
  abstract readonly tokenRestorer: TokenRestorer;
  /** Calls of the backend's transactions. */
  abstract readonly calls: readonly PermittedCall[];
}
