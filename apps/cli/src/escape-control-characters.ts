/** Model ids are the producer's, and may hold anything: what would break a line or a terminal is shown escaped. */
export function escapeControlCharacters(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => encodeURIComponent(character));
}
