import { find } from './dom.js';
import { Feed } from './feed.js';
import { count, NOTHING } from './format.js';
import { samplesOf, sumOf } from './metrics-text.js';
import { RateMeter } from './rate-meter.js';
import { Tile } from './tile.js';

/** @typedef {import('./metrics-text.js').Sample} Sample */

const P = 'token_deployer_';
const BALANCE = `${P}account_balance_ether`;
const DEAD = `${P}messages_dead_lettered_total`;
const COUNTERS = /** @type {const} */ ([
  ['received', 'Received', `${P}messages_received_total`],
  ['deployed', 'Deployed', `${P}messages_processed_total`],
  ['retried', 'Retried', `${P}messages_retried_total`],
  ['dead', 'Dead-lettered', DEAD],
]);
const NAMES = [...COUNTERS.map(([, , name]) => name), BALANCE];

/**
 * Rates out of the counters, as they change between polls; and what else the metrics know: balances and reasons.
 *
 * @param {import('./context.d.js').Context} context
 * @param {(balances: ReadonlyMap<string, number>) => void} showBalances ether by account
 */
export function metricsPanel({ api }, showBalances) {
  const rates = COUNTERS.map(([id, label, name]) => ({ name, meter: new RateMeter(), tile: new Tile(label, id) }));
  find(document, '#rate-tiles', HTMLElement).append(...rates.map(({ tile }) => tile.element));
  return new Feed({
    name: 'metrics',
    everyMs: 4000,
    load: async () => {
      /** @type {import('./api.js').Answer<string>} */
      const { body, replica } = await api.ask('GET', 'metrics');
      const samples = samplesOf(body, NAMES);
      const at = performance.now();
      for (const { name, meter, tile } of rates) {
        meter.add(replica, at, sumOf(samples, name, name === `${P}messages_processed_total` ? isDeployed : undefined));
        const value = meter.perMinute();
        tile.show({ at, value, text: value === null ? NOTHING : count(value) });
      }
      showBalances(balancesIn(samples));
      offerReasons(samples);
    },
  });
}

/** @param {Readonly<Record<string, string>>} labels */
function isDeployed({ outcome = '' }) {
  return outcome.startsWith('deployed') || outcome === 'adopted';
}

/** @param {readonly Sample[]} samples */
function balancesIn(samples) {
  return new Map(
    samples.flatMap(({ name, labels, value }) => (name === BALANCE ? [[labels['account'] ?? '', value]] : [])),
  );
}

/** @param {readonly Sample[]} samples their labels name every reason there is */
function offerReasons(samples) {
  const list = find(document, '#reasons', HTMLDataListElement);
  const reasons = samples.flatMap(({ name, labels }) => (name === DEAD ? [labels['reason'] ?? ''] : []));
  if (list.childElementCount === reasons.length) return;
  list.replaceChildren(...reasons.map((reason) => new Option('', reason)));
}
