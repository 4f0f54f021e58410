const LONGEST_MS = 10_000;
/** So many intervals without an answer, and what is shown counts as stale. */
const STALE_AFTER = 4;

/**
 * When to ask for one thing again: at its interval while it answers, ever more rarely while it does not.
 */
export class Feed {
  #failures = 0;
  #nextAt = 0;
  /** @type {number | null} */
  #succeededAt = null;

  /**
   * @param {{ name: string, everyMs: number, load: () => Promise<void> }} feed
   */
  constructor({ name, everyMs, load }) {
    this.name = name;
    this.everyMs = everyMs;
    this.load = load;
  }

  /** @param {number} now milliseconds */
  due(now) {
    return now >= this.#nextAt;
  }

  /** Milliseconds since the start of the clock that is used. */
  get nextAt() {
    return this.#nextAt;
  }

  get succeededAt() {
    return this.#succeededAt;
  }

  get failing() {
    return this.#failures > 0;
  }

  /** Makes the next request due at once. */
  hurry() {
    this.#nextAt = 0;
  }

  /** @param {number} now */
  succeeded(now) {
    this.#failures = 0;
    this.#succeededAt = now;
    this.#nextAt = now + this.everyMs;
  }

  /**
   * @param {number} now
   * @param {number | null} retryAfter seconds that the service asks to wait
   */
  failed(now, retryAfter) {
    this.#failures += 1;
    const backOff = Math.min(LONGEST_MS, this.everyMs * 2 ** Math.min(this.#failures, 10));
    this.#nextAt = now + Math.max(backOff, (retryAfter ?? 0) * 1000);
  }

  /** @param {number} now */
  stale(now) {
    return this.#succeededAt !== null && now - this.#succeededAt > this.everyMs * STALE_AFTER;
  }
}
