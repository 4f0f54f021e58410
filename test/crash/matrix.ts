import type { Step } from './contract-setup.js';
import type { Place, Scenario } from './crash-scenario.js';

const ON_THE_WAY: readonly Place[] = [
  'claimed',
  'parsed',
  'admitted',
  'simulated',
  'signed',
  'committed',
  'sending',
  'sent',
  'mined',
  'final',
  'published',
  'settled',
];
const ON_THE_WAY_BACK: readonly Place[] = ['lane-acquired', 'recovered', 'resent', 'nonce-reset'];
const WITH_A_RIVAL: readonly Place[] = ['adopting', 'adopted', 'failed'];
const OF_A_REPLACEMENT: readonly Place[] = [
  'bumped',
  'replacing',
  'replaced',
  'bumped-again',
  'lane-acquired',
  'recovered',
  'returned',
];

/** One row of the matrix: one crew's way through one crash after the other. */
export interface Row extends Scenario {
  readonly step: Step;
  readonly places: readonly Place[];
}

const EVERYWHERE = [...ON_THE_WAY, ...ON_THE_WAY_BACK, ...WITH_A_RIVAL];

/** Who works, whatever the contracts. */
const ONE_MESSAGE = { name: 'one message', replicas: 1, models: 1, places: EVERYWHERE } as const;
const TWO_REPLICAS = { name: 'two replicas', replicas: 2, models: 2, places: EVERYWHERE } as const;
const OTHERS: readonly Omit<Row, 'step'>[] = [
  { name: 'a batch', replicas: 1, models: 4, places: EVERYWHERE },
  {
    name: 'a replacement',
    replicas: 1,
    models: 2,
    replacing: true,
    places: [...OF_A_REPLACEMENT, ...ON_THE_WAY],
  },
  {
    name: 'a replacement and two replicas',
    replicas: 2,
    models: 1,
    replacing: true,
    places: [...OF_A_REPLACEMENT, 'mined', 'final', 'published', 'settled'],
  },
];

/** What only happens where a model needs two transactions, which different accounts may send. */
const OF_TWO_STEPS: readonly Row[] = [
  {
    name: 'a governed registry',
    replicas: 2,
    models: 2,
    governed: true,
    step: 'deploy',
    places: ['admitted', 'signed', 'sending', 'mined', 'final', 'settled', 'recovered', 'resent', 'adopted', 'failed'],
  },
  {
    name: 'a governed registry',
    replicas: 2,
    models: 2,
    governed: true,
    step: 'register',
    places: ['simulated', 'left', 'completed', 'adopting', 'adopted', 'failed', 'nonce-reset'],
  },
  {
    name: 'two accounts',
    replicas: 2,
    models: 3,
    keys: 2,
    step: 'deploy',
    places: ['signed', 'committed', 'sending', 'mined', 'final', 'settled', 'recovered', 'resent', 'returned'],
  },
  {
    name: 'two accounts',
    replicas: 2,
    models: 3,
    keys: 2,
    step: 'register',
    places: ['simulated', 'signed', 'committed', 'sending', 'mined', 'final', 'published', 'resent', 'returned'],
  },
  {
    name: 'a rival in front',
    replicas: 1,
    models: 1,
    preceded: true,
    step: 'deploy',
    places: ['mined', 'final', 'settled', 'failed'],
  },
  {
    name: 'a rival in front',
    replicas: 1,
    models: 1,
    preceded: true,
    step: 'register',
    places: ['mined', 'final', 'settled', 'adopting', 'adopted', 'failed'],
  },
];

/** Where what is known changes hands, between message, journal, chain and event. */
const HANDOVERS: ReadonlySet<Place> = new Set<Place>([
  'committed',
  'sending',
  'final',
  'recovered',
  'bumped',
  'replacing',
  'returned',
  'left',
  'completed',
  'adopted',
  'failed',
]);

/**
 * Contracts that bring a model its token in one transaction.
 *
 * @param full everything everywhere, which takes minutes; without it each place once, and two replicas where something
 *   changes hands
 */
export function factoryRows(full: boolean): readonly Row[] {
  const rows = [ONE_MESSAGE, TWO_REPLICAS, ...OTHERS].map((row): Row => ({ ...row, step: 'deploy' }));
  if (full) return rows;
  return [...eachPlaceOnce(rows), ...rows.filter(({ name }) => name === TWO_REPLICAS.name).map(atHandovers)];
}

/**
 * Contracts that need two.
 *
 * @param full everything everywhere; without it each place where something changes hands once, at each of the two steps
 */
export function managedRows(full: boolean): readonly Row[] {
  const rows = [...[ONE_MESSAGE, TWO_REPLICAS, ...OTHERS].flatMap(inBothSteps), ...OF_TWO_STEPS];
  return full ? rows : eachPlaceOnce(rows.map(atHandovers));
}

/** Of every place at every step the first row that has it. */
function eachPlaceOnce(rows: readonly Row[]): readonly Row[] {
  const played = new Set<string>();
  const isNew = (step: Step, place: Place): boolean => {
    const known = played.has(`${step} ${place}`);
    played.add(`${step} ${place}`);
    return !known;
  };
  return rows
    .map((row) => ({ ...row, places: row.places.filter((place) => isNew(row.step, place)) }))
    .filter(({ places }) => places.length > 0);
}

function atHandovers(row: Row): Row {
  return { ...row, places: row.places.filter((place) => HANDOVERS.has(place)) };
}

/** A row for each step. What is announced in the last one has no place in the first, unless something is left to announce. */
function inBothSteps(row: Omit<Row, 'step'>): readonly Row[] {
  const { replacing = false, places } = row;
  return [
    { ...row, step: 'deploy', places: replacing ? places : places.filter((place) => place !== 'published') },
    { ...row, step: 'register' },
  ];
}
