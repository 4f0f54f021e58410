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
    const answered = feeds.flatMap(({ succeededAt }) => (succeededAt === null ? [] : [succeededAt]));
    const since = answered.length === 0 ? null : (now - Math.max(...answered)) / 1000;
    const behind = feeds.filter((feed) => feed.failing || feed.stale(now));
    const state = since === null ? 'loading' : behind.length > 0 ? 'stale' : 'live';
    setText(this.#shown, textOf(state, since, behind, now));
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
 * @param {'live' | 'stale' | 'loading'} state
 * @param {number | null} since
 * @param {readonly Feed[]} behind
 * @param {number} now
 */
function textOf(state, since, behind, now) {
  const next = Math.min(...behind.map(({ nextAt }) => nextAt));
  const again = `next try in ${age(Math.max(0, next - now) / 1000)}`;
  if (since === null) return behind.length === 0 ? 'Loading …' : `No answer · ${again}`;
  if (state === 'live') return `Live · ${age(since)} ago`;
  return `Not up to date · last answer ${age(since)} ago · ${again}`;
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
