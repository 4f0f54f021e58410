import type { Finding } from './finding.js';

const MAX_WIDTH = 130;
/** A visitor reads the README in a few minutes. */
const README_LIMIT_BYTES = 8 * 1024;

/** Finds lines of prose that are too wide. Tables, code, headings and link targets may be wider. */
export function findWideLines(path: string, markdown: string): readonly Finding[] {
  let inCode = false;
  return markdown.split('\n').flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) inCode = !inCode;
    const { length } = line.replaceAll(/\]\([^)]*\)/g, '');
    if (inCode || length <= MAX_WIDTH || /^\s*[|#<]/.test(line)) return [];
    return [{ path, line: index + 1, problem: `${length} characters: wrap at ${MAX_WIDTH}` }];
  });
}

/** @param readme as stored, in UTF-8 */
export function findReadmeSize(path: string, readme: string): readonly Finding[] {
  const bytes = Buffer.byteLength(readme);
  if (bytes <= README_LIMIT_BYTES) return [];
  return [{ path, line: 1, problem: `${bytes} bytes: at most ${README_LIMIT_BYTES}; move details to docs/` }];
}
