const NAMES: Readonly<Record<string, string>> = {
  '\u00AD': 'SOFT HYPHEN',
  '\u034F': 'COMBINING GRAPHEME JOINER',
  '\u061C': 'ARABIC LETTER MARK',
  '\u115F': 'HANGUL CHOSEONG FILLER',
  '\u1160': 'HANGUL JUNGSEONG FILLER',
  '\u180E': 'MONGOLIAN VOWEL SEPARATOR',
  '\u200B': 'ZERO WIDTH SPACE',
  '\u200C': 'ZERO WIDTH NON-JOINER',
  '\u200D': 'ZERO WIDTH JOINER',
  '\u200E': 'LEFT-TO-RIGHT MARK',
  '\u200F': 'RIGHT-TO-LEFT MARK',
  '\u202A': 'LEFT-TO-RIGHT EMBEDDING',
  '\u202B': 'RIGHT-TO-LEFT EMBEDDING',
  '\u202C': 'POP DIRECTIONAL FORMATTING',
  '\u202D': 'LEFT-TO-RIGHT OVERRIDE',
  '\u202E': 'RIGHT-TO-LEFT OVERRIDE',
  '\u2060': 'WORD JOINER',
  '\u2066': 'LEFT-TO-RIGHT ISOLATE',
  '\u2067': 'RIGHT-TO-LEFT ISOLATE',
  '\u2068': 'FIRST STRONG ISOLATE',
  '\u2069': 'POP DIRECTIONAL ISOLATE',
  '\u2800': 'BRAILLE PATTERN BLANK',
  '\u3164': 'HANGUL FILLER',
  '\uFEFF': 'ZERO WIDTH NO-BREAK SPACE',
  '\uFFA0': 'HALFWIDTH HANGUL FILLER',
};

/** Format characters (zero width, direction) and characters that show as nothing. */
export const INVISIBLE = /[\p{Cf}\u034F\u115F\u1160\u2800\u3164\uFFA0]/u;

const ASCII = /^[\x20-\x7E]*$/;

const CHARACTER_WITH_MARKS = /\P{M}\p{M}*/gu;

/**
 * Completes "the field must ..." for a text that people cannot tell from another: blank, with invisible characters or not in
 * Unicode normal form NFC.
 *
 * @returns null for a text that shows what it is
 */
export function deceptionIn(text: string): string | null {
  if (text !== '' && text.trim() === '') return `not consist of spaces only (${codePoints(text.slice(0, 1))})`;
  if (ASCII.test(text)) return null;
  const [invisible] = INVISIBLE.exec(text) ?? [];
  if (invisible !== undefined) return `not contain ${codePoints(invisible)} ${NAMES[invisible] ?? 'FORMAT CHARACTER'}`;
  if (text === text.normalize('NFC')) return null;
  const decomposed = text.match(CHARACTER_WITH_MARKS)?.find((it) => it !== it.normalize('NFC'));
  const detail =
    decomposed === undefined
      ? ''
      : `: ${codePoints(decomposed.normalize('NFC'))} in place of ${codePoints(decomposed)}`;
  return `be in Unicode normal form NFC${detail}`;
}

function codePoints(text: string): string {
  const points = Array.from(
    text.slice(0, 8),
    (it) => `U+${(it.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return points.join(' ');
}
