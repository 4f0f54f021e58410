import type { Step } from './contract-setup.js';
import type { CrashLocation, Scenario } from './crash-scenario.js';

const MESSAGE_PATH: readonly CrashLocation[] = [
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
const RECOVERY_PATH: readonly CrashLocation[] = ['lane-acquired', 'recovered', 'resent', 'nonce-reset'];
const COMPETITOR_PATH: readonly CrashLocation[] = ['adopting', 'adopted', 'failed'];
const FEE_BUMP_PATH: readonly CrashLocation[] = [
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
  readonly locations: readonly CrashLocation[];
}

/** Cases. */
const LONGEST_ROW = 5;

const ALL_LOCATIONS = [...MESSAGE_PATH, ...RECOVERY_PATH, ...COMPETITOR_PATH];

/** Replicas and models for every backend. */
const ONE_MESSAGE = { name: 'one message', replicas: 1, models: 1, locations: ALL_LOCATIONS } as const;
const TWO_REPLICAS = { name: 'two replicas', replicas: 2, models: 2, locations: ALL_LOCATIONS } as const;
const OTHER_SCENARIOS: readonly Omit<Row, 'step'>[] = [
  { name: 'a batch', replicas: 1, models: 4, locations: ALL_LOCATIONS },
  {
    name: 'a replacement',
    replicas: 1,
    models: 2,
    feeBump: true,
    locations: [...FEE_BUMP_PATH, ...MESSAGE_PATH],
  },
  {
    name: 'a replacement and two replicas',
    replicas: 2,
    models: 1,
    feeBump: true,
    locations: [...FEE_BUMP_PATH, 'mined', 'final', 'published', 'settled'],
  },
];

/** What only happens where a model needs two transactions, which different accounts may send. */
const TWO_STEP_SCENARIOS: readonly Row[] = [
  {
    name: 'a governed registry',
    replicas: 2,
    models: 2,
    externalOwner: true,
    step: 'deploy',
    locations: [
      'admitted',
      'signed',
      'sending',
      'mined',
      'final',
      'settled',
      'recovered',
      'resent',
      'adopted',
      'failed',
    ],
  },
  {
    name: 'a governed registry',
    replicas: 2,
    models: 2,
    externalOwner: true,
    step: 'register',
    locations: ['simulated', 'left', 'completed', 'adopting', 'adopted', 'failed', 'nonce-reset'],
  },
  {
    name: 'two accounts',
    replicas: 2,
    models: 3,
    accounts: 2,
    step: 'deploy',
    locations: ['signed', 'committed', 'sending', 'mined', 'final', 'settled', 'recovered', 'resent', 'returned'],
  },
  {
    name: 'two accounts',
    replicas: 2,
    models: 3,
    accounts: 2,
    step: 'register',
    locations: ['simulated', 'signed', 'committed', 'sending', 'mined', 'final', 'published', 'resent', 'returned'],
  },
  {
    name: 'a rival in front',
    replicas: 1,
    models: 1,
    overtaken: true,
    step: 'deploy',
    locations: ['mined', 'final', 'settled', 'failed'],
  },
  {
    name: 'a rival in front',
    replicas: 1,
    models: 1,
    overtaken: true,
    step: 'register',
    locations: ['mined', 'final', 'settled', 'adopting', 'adopted', 'failed'],
  },
];

/** Where what is known changes hands, between message, journal, chain and event. */
const HANDOVERS: ReadonlySet<CrashLocation> = new Set<CrashLocation>([
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
  const rows = [ONE_MESSAGE, TWO_REPLICAS, ...OTHER_SCENARIOS].map((row): Row => ({ ...row, step: 'deploy' }));
  if (full) return rows;
  const handovers = rows.filter(({ name }) => name === TWO_REPLICAS.name).map(atHandovers);
  return [...eachLocationOnce(rows), ...handovers].flatMap(inParts);
}

/** Cases of a row wait for each other: several replica sets share a row that is long. */
function inParts(row: Row): readonly Row[] {
  const { name, locations } = row;
  const parts = Math.ceil(locations.length / LONGEST_ROW);
  if (parts === 1) return [row];
  const size = Math.ceil(locations.length / parts);
  return Array.from({ length: parts }, (_, part) => ({
    ...row,
    name: `${name}, part ${part + 1}`,
    locations: locations.slice(part * size, (part + 1) * size),
  }));
}

/**
 * Contracts that need two.
 *
 * @param full everything everywhere; without it each place where something changes hands once, at each of the two steps
 */
export function tokenManagerRows(full: boolean): readonly Row[] {
  const rows = [...[ONE_MESSAGE, TWO_REPLICAS, ...OTHER_SCENARIOS].flatMap(inBothSteps), ...TWO_STEP_SCENARIOS];
  return full ? rows : eachLocationOnce(rows.map(atHandovers)).flatMap(inParts);
}

/** Of every place at every step the first row that has it. */
function eachLocationOnce(rows: readonly Row[]): readonly Row[] {
  const played = new Set<string>();
  const isNew = (step: Step, place: CrashLocation): boolean => {
    const known = played.has(`${step} ${place}`);
    played.add(`${step} ${place}`);
    return !known;
  };
  return rows
    .map((row) => ({ ...row, locations: row.locations.filter((place) => isNew(row.step, place)) }))
    .filter(({ locations }) => locations.length > 0);
}

function atHandovers(row: Row): Row {
  return { ...row, locations: row.locations.filter((place) => HANDOVERS.has(place)) };
}

/** A row for each step. What is announced in the last one has no place in the first, unless something is left to announce. */
function inBothSteps(row: Omit<Row, 'step'>): readonly Row[] {
  const { feeBump = false, locations } = row;
  return [
    { ...row, step: 'deploy', locations: feeBump ? locations : locations.filter((place) => place !== 'published') },
    { ...row, step: 'register' },
  ];
}
