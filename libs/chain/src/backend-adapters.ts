import type { ModelTokens, TokenBackend } from '#core';
import type { TokenHistory } from './history/token-history.js';

/** What stands behind the ports that differ between families of contracts. */
export abstract class BackendAdapters {
  abstract readonly backend: TokenBackend;
  abstract readonly tokens: ModelTokens;
  abstract readonly history: TokenHistory;
}
