import type { EnabledWhen } from '../env/config-base.js';

/** The families of contracts, by their words in TOKEN_BACKEND. */
export const TOKEN_BACKENDS = { factory: 'factory', 'token-manager': 'token-manager' } as const;
export type TokenBackendName = keyof typeof TOKEN_BACKENDS;

export const DEFAULT_BACKEND: TokenBackendName = 'factory';

/** For the settings of one family. */
export function whenBackend(word: TokenBackendName): EnabledWhen {
  return { variable: 'TOKEN_BACKEND', value: word, isDefault: word === DEFAULT_BACKEND };
}
