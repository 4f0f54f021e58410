const LAST_CODE_POINT = 0x10ffff;
const LAST_OF_ONE_UNIT = 0xffff;

/** By the expressions: one takes 0.1 s, which only the writers of schemas pay, once. */
const found = new Map<string, string>();

/**
 * The content of a regular expression's brackets, for the characters that one of the expressions matches.
 *
 * Lists them one by one, because `\p{…}` and `\s` mean something else, or nothing, outside JavaScript.
 */
export function characterClass(...expressions: readonly RegExp[]): string {
  const key = expressions.join(' ');
  const content = found.get(key) ?? contentOf(expressions);
  found.set(key, content);
  return content;
}

function contentOf(expressions: readonly RegExp[]): string {
  const ranges: (readonly [first: number, last: number])[] = [];
  for (let point = 0; point <= LAST_CODE_POINT; point++) {
    const character = String.fromCodePoint(point);
    if (!expressions.some((expression) => expression.test(character))) continue;
    const [first, last] = ranges.at(-1) ?? [point, point - 2];
    if (last === point - 1) ranges[ranges.length - 1] = [first, point];
    else ranges.push([point, point]);
  }
  return ranges
    .map(([first, last]) => (first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`))
    .join('');
}

/** Writes characters above U+FFFF literally: JavaScript and Python have no common escape for them. */
function escaped(point: number): string {
  return point > LAST_OF_ONE_UNIT
    ? String.fromCodePoint(point)
    : String.raw`\u${point.toString(16).toUpperCase().padStart(4, '0')}`;
}
