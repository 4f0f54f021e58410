import { sentenceOf } from './api-problem.js';
import { el, find, setText } from './dom.js';
import { Feed } from './feed.js';
import { age } from './format.js';
import { KeyedRows } from './keyed-rows.js';
import { Situation } from './situation.js';

/** @typedef {import('./situation.js').Trouble} Trouble */
/** @typedef {import('./api-types.d.js').HealthBody} Health */

/**
 * Shows holds and degraded components above all other panels. The queues panel reports the pause by `showPause`.
 *
 * @param {import('./context.d.js').Context} context
 */
export function situationPanel({ api }) {
  const section = find(document, '#situation', HTMLElement);
  const summary = find(section, '#situation-summary', HTMLElement);
  const situation = new Situation();
  /** @type {KeyedRows<Trouble>} */
  const rows = new KeyedRows(find(section, '#situation-list', HTMLElement), {
    keyOf: ({ key }) => key,
    create: () => el('li'),
    fill: (element, { level, text, since }) => {
      element.dataset['level'] = level;
      setText(element, since === null ? text : `${text} (for ${age((Date.now() - Date.parse(since)) / 1000)})`);
    },
  });
  /** @param {readonly Trouble[]} troubles */
  const show = (troubles) => {
    rows.show(troubles);
    section.dataset['level'] = troubles[0]?.level ?? 'fine';
    setText(summary, troubles.length === 0 ? 'No holds. All components are up.' : 'Holds or degraded components:');
  };
  const load = async () => {
    /** @type {import('./api.js').Answer<Health>} */
    const { body, replica } = await api.ask('GET', 'health', { accept: [503] });
    if (typeof body !== 'object') throw new Error('The service does not say how it is.');
    situation.add(replica, performance.now(), body);
    show(situation.troubles());
  };
  return new Feed({
    name: 'health',
    everyMs: 2000,
    load: async () => {
      try {
        await load();
      } catch (error) {
        section.dataset['level'] = 'bad';
        setText(summary, `Health is unknown: ${sentenceOf(error)}`);
        throw error;
      }
    },
  });
}
