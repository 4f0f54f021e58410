import { ApiProblem } from './api-problem.js';

/** @typedef {import('./feed.js').Feed} Feed */

const TICK_MS = 500;

/** Loads every feed when it is due, one request per feed at a time, and none while the page is hidden. */
export class Poller {
  /** @type {Feed[]} */
  #feeds = [];
  /** @type {Set<Feed>} */
  #busy = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer = undefined;

  /**
   * @param {(feeds: readonly Feed[], now: number) => void} onTick shows how fresh everything is
   * @param {(feed: Feed, problem: unknown) => void} onFailure
   */
  constructor(onTick, onFailure) {
    this.onTick = onTick;
    this.onFailure = onFailure;
  }

  /** @param {readonly Feed[]} feeds */
  start(feeds) {
    this.#feeds = [...feeds];
    document.addEventListener('visibilitychange', this.#tick);
    this.#timer = setInterval(this.#tick, TICK_MS);
    this.#tick();
  }

  stop() {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#tick);
    this.#feeds = [];
  }

  /** @param {readonly string[]} names of feeds that something was done to */
  hurry(...names) {
    for (const feed of this.#feeds) if (names.includes(feed.name)) feed.hurry();
    this.#tick();
  }

  #tick = () => {
    const now = performance.now();
    if (!document.hidden)
      for (const feed of this.#feeds) if (feed.due(now) && !this.#busy.has(feed)) void this.#ask(feed);
    this.onTick(this.#feeds, now);
  };

  /** @param {Feed} feed */
  async #ask(feed) {
    this.#busy.add(feed);
    try {
      await feed.load();
      // The service is back: retries the other failed feeds at once.
      if (feed.failing) for (const other of this.#feeds) if (other.failing) other.hurry();
      feed.succeeded(performance.now());
    } catch (error) {
      feed.failed(performance.now(), error instanceof ApiProblem ? error.retryAfter : null);
      if (this.#feeds.includes(feed)) this.onFailure(feed, error);
    } finally {
      this.#busy.delete(feed);
    }
  }
}
