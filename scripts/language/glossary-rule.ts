import type { Finding } from './finding.js';

/** First cell of a table row, or a bold term at the start of a line or list item. */
const TERM = /^(?:\| *|[-*] +)?\*\*([^*|]+)\*\*/gm;

/**
 * Finds terms of the glossary that no source uses. A term counts as used in any spelling: `fee bump`, `feeBump`, `FeeBump`,
 * `fee_bump` or `fee-bump`.
 *
 * @param sources the text of all sources
 */
export function findUnusedTerms(path: string, glossary: string, sources: string): readonly Finding[] {
  const used = normalize(sources);
  return [...glossary.matchAll(TERM)].flatMap(({ index, 1: names = '' }) => {
    const unused = names.split(/,|\/| or /).filter((name) => !used.includes(normalize(name)));
    const line = glossary.slice(0, index).split('\n').length;
    return unused.map((name) => ({ path, line, problem: `no source uses the term "${name.trim()}"` }));
  });
}

/** Letters and digits in lower case, so that every way to join words looks the same. */
function normalize(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
}
