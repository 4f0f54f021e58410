const REDACTED = '[redacted]';
/** A shorter secret occurs in ordinary words: replacing it would reveal more than it hides. */
const MIN_SECRET_LENGTH = 4;
/** Begins with a fixed text: a scheme before it would make the search quadratic in the length of the line. */
const CREDENTIALS = /:\/\/[^\s/@]+@/g;

/** Last resort against secrets in log lines (S1): replaces the known ones, and the credentials in any URL. */
export class Redactor {
  private readonly known: RegExp | null;

  constructor(secrets: readonly string[]) {
    // The longest first: a URL must not be cut up by the password in it.
    const alternatives = secrets
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
      .toSorted((a, b) => b.length - a.length)
      .map((secret) => secret.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
    this.known = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'gi') : null;
  }

  redact(text: string): string {
    const withoutKnown = this.known === null ? text : text.replaceAll(this.known, REDACTED);
    return withoutKnown.replaceAll(CREDENTIALS, `://${REDACTED}@`);
  }
}
