// Linear for every text: each alternative consumes what it starts on, up to the end of the text if need be.
const STRING_OR_SIGN = /"[^"\\]*(?:\\[^]?[^"\\]*)*(?:"|$)|[{}[\]:]/g;

/**
 * Returns a key that an object of the text repeats; null without one. JSON.parse keeps the last value alone, so the reader of
 * a request would see another one than the service.
 *
 * @param text JSON
 */
export function findRepeatedKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let latest = '""';
  for (const [sign] of text.matchAll(STRING_OR_SIGN)) {
    if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(null);
    else if (sign === '}' || sign === ']') open.pop();
    else if (sign !== ':') latest = sign;
    else {
      const key = String(JSON.parse(latest));
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return null;
}
