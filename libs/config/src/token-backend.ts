import type { Choice } from './settings.js';

/** The families of contracts, by their words in TOKEN_BACKEND. */
export const TOKEN_BACKENDS = { factory: 'factory', 'token-manager': 'token-manager' } as const;
export type TokenBackendWord = keyof typeof TOKEN_BACKENDS;

export const USUAL_BACKEND: TokenBackendWord = 'factory';

/** For the settings of one family. */
export function chosenBy(word: TokenBackendWord): Choice {
  return { variable: 'TOKEN_BACKEND', word, byDefault: word === USUAL_BACKEND };
}
