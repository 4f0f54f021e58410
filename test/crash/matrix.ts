import type { CrashSite } from './crash-site.js';
import type { Place, Shape } from './drills.js';
import { Watch } from './watch.js';

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

interface Row extends Shape {
  readonly places: readonly Place[];
}

const ALL = [...ON_THE_WAY, ...ON_THE_WAY_BACK, ...WITH_A_RIVAL];

/** The rows of the matrix. Each is played from left to right by one crew, all of them side by side. */
export const ROWS: readonly Row[] = [
  { name: 'one message', replicas: 1, models: 1, replacing: false, places: ALL },
  { name: 'a batch', replicas: 1, models: 4, replacing: false, places: ALL },
  { name: 'two replicas', replicas: 2, models: 2, replacing: false, places: ALL },
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

/** What was wrong after each case, by row and place. A promise rejects when its case did not happen. */
export class Matrix {
  private readonly results = new Map<string, Promise<readonly string[]>>();
  private readonly rows: readonly Promise<unknown>[];

  constructor(private readonly site: CrashSite) {
    this.rows = ROWS.map((row) => this.play(row));
  }

  async result(row: Row, place: Place): Promise<readonly string[] | undefined> {
    return await this.results.get(`${row.name} ${place}`);
  }

  /** Waits until nothing of it runs any more. */
  async end(): Promise<void> {
    await Promise.all(this.rows);
  }

  private async play(row: Row): Promise<void> {
    let next = Watch.open(this.site, row);
    for (const place of row.places) {
      const watch = next;
      const turn = watch.then((present) => present.play(place));
      this.results.set(`${row.name} ${place}`, turn);
      // A case that went wrong must not be blamed on the next one: that gets a crew of its own.
      next = turn.then(
        (wrong) => (wrong.length === 0 ? watch : this.relieve(watch, row)),
        () => this.relieve(watch, row),
      );
    }
    await (await next).end();
  }

  private async relieve(watch: Promise<Watch>, row: Row): Promise<Watch> {
    await (await watch).end();
    return await Watch.open(this.site, row);
  }
}
