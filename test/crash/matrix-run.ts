import type { CrashEnvironment } from './crash-environment.js';
import type { Place } from './crash-scenario.js';
import type { Row } from './matrix.js';
import { CrashRun } from './crash-run.js';

/** More on two cores, and what a drill waits for takes longer than it waits. */
const MOST_CREWS = 12;

/** The rows of a matrix, played by one crew each: a row's cases one after the other, as many rows side by side as may be. */
export class MatrixRun {
  private readonly watches = new Map<Row, Promise<CrashRun>>();
  private readonly queue: (() => void)[] = [];
  private crews = 0;

  constructor(private readonly site: CrashEnvironment) {}

  /** What is wrong after a case, which waits for those of its row that came before. @throws Error when it did not happen */
  async play(row: Row, place: Place): Promise<readonly string[]> {
    const watch = this.watches.get(row) ?? this.begin(row);
    const turn = watch.then((present) => present.play(place, row.step));
    // A case that went wrong must not be blamed on the next one: that gets a crew of its own.
    const next = turn.then(
      (wrong) => (wrong.length === 0 ? watch : this.relieve(watch, row)),
      () => this.relieve(watch, row),
    );
    this.watches.set(row, next);
    return await turn;
  }

  /** To be called when all cases of a row are through. */
  async end(row: Row): Promise<void> {
    try {
      await (await this.watches.get(row))?.end();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.crews -= 1;
      else next();
    }
  }

  private async begin(row: Row): Promise<CrashRun> {
    if (this.crews < MOST_CREWS) this.crews += 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    return await CrashRun.open(this.site, row);
  }

  private async relieve(watch: Promise<CrashRun>, row: Row): Promise<CrashRun> {
    await (await watch).end();
    return await CrashRun.open(this.site, row);
  }
}
