import { sentenceOf } from './api-problem.js';
import { find, setText } from './dom.js';
import { age } from './format.js';

/** @typedef {import('./feed.js').Feed} Feed */

const SAID = { live: 'Live', stale: 'Not up to date', loading: 'Loading' };

/** Says how old what is shown is: for the whole page in the header, for a feed that fails at its panel. */
export class Freshness {
  #root;
  #state = '';

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = find(root, '#freshness', HTMLElement);
    this.#shown = find(root, '#freshness-shown', HTMLElement);
    this.#said = find(root, '#freshness-said', HTMLElement);
  }

  #shown;
  #said;

  /**
   * @param {readonly Feed[]} feeds
   * @param {number} now
   */
  tick = (feeds, now) => {
    for (const feed of feeds) showAt(feed, feed.failing ? undefined : '');
    const behind = feeds.filter((feed) => feed.failing || feed.stale(now));
    const waiting = behind.length > 0 ? behind : feeds;
    const oldest = Math.min(...waiting.map(({ succeededAt }) => succeededAt ?? -Infinity));
    const state = stateOf(behind.length > 0, oldest);
    setText(this.#shown, textOf(state, (now - oldest) / 1000));
    if (state === this.#state) return;
    this.#state = state;
    this.#root.dataset['state'] = state;
    setText(this.#said, SAID[state]);
  };

  /**
   * @param {Feed} feed
   * @param {unknown} problem
   */
  failed = (feed, problem) => {
    const since =
      feed.succeededAt === null ? '' : ` What is shown is ${age((performance.now() - feed.succeededAt) / 1000)} old.`;
    showAt(feed, `${sentenceOf(problem)}${since}`);
  };
}

/**
 * @param {boolean} behind
 * @param {number} oldest
 * @returns {'live' | 'stale' | 'loading'}
 */
function stateOf(behind, oldest) {
  if (behind) return 'stale';
  return Number.isFinite(oldest) ? 'live' : 'loading';
}

/**
 * @param {'live' | 'stale' | 'loading'} state
 * @param {number} seconds since the last answer; infinite when there was none
 */
function textOf(state, seconds) {
  if (state === 'live') return 'Live';
  if (state === 'loading') return 'Loading …';
  return Number.isFinite(seconds) ? `Not up to date · ${age(seconds)} old` : 'Not up to date';
}

/**
 * @param {Feed} feed
 * @param {string | undefined} text empty: all is well; undefined: leave what stands there
 */
function showAt({ name }, text) {
  const place = document.querySelector(`[data-feed="${name}"]`);
  if (!(place instanceof HTMLElement) || text === undefined) return;
  setText(place, text);
  place.hidden = text === '';
  place.closest('.panel')?.classList.toggle('failing', text !== '');
}
