/** @typedef {{ readonly at: number, readonly value: number }} Reading */

/**
 * The rate of a counter over the last minute, summed over the replicas that were seen in that minute. Readings of different
 * replicas are never compared: a load balancer sends each request to another one.
 */
export class RateMeter {
  /** @type {Map<string, Reading[]>} */
  #readings = new Map();

  /** @param {number} windowMs */
  constructor(windowMs = 60_000) {
    this.windowMs = windowMs;
  }

  /**
   * @param {string} replica
   * @param {number} at milliseconds
   * @param {number} value of the counter
   */
  add(replica, at, value) {
    const known = this.#readings.get(replica) ?? [];
    const last = known.at(-1);
    // A counter that decreased was reset.
    const kept = last !== undefined && value < last.value ? [] : known;
    this.#readings.set(replica, [...kept, { at, value }]);
    this.#forget(at);
  }

  /** Events per minute; null until some replica was read twice. */
  perMinute() {
    const rates = [...this.#readings.values()].flatMap((readings) => {
      const [first] = readings;
      const last = readings.at(-1);
      if (first === undefined || last === undefined || last.at <= first.at) return [];
      return [((last.value - first.value) / (last.at - first.at)) * 60_000];
    });
    return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
  }

  /** @param {number} now */
  #forget(now) {
    for (const [replica, readings] of this.#readings) {
      const recent = readings.filter(({ at }) => now - at <= this.windowMs);
      if (recent.length === 0) this.#readings.delete(replica);
      else this.#readings.set(replica, recent);
    }
  }
}
