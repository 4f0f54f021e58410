/** Escapes control and format characters, which a model id may contain. */
export function escapeControlCharacters(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => encodeURIComponent(character));
}
