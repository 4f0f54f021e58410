import { FORBIDDEN_PHRASES } from './forbidden-phrases.js';
import type { Finding } from './finding.js';

/** Finds forbidden phrases in one text file. */
export function findPhrases(path: string, text: string): readonly Finding[] {
  return FORBIDDEN_PHRASES.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ index, 0: phrase }) => ({
      path,
      line: text.slice(0, index).split('\n').length,
      problem: `"${phrase}": write ${instead}`,
    })),
  );
}
