import type { CrashEnvironment } from './crash-environment.js';
import type { CrashLocation } from './crash-scenario.js';
import type { Row } from './matrix.js';
import { CrashRun } from './crash-run.js';

/** More on two cores, and leases run out because their owners wait for the processor. */
const MAX_REPLICA_SETS = 4;

/** The rows of a matrix, played by one crew each: a row's cases one after the other, as many rows side by side as may be. */
export class MatrixRun {
  private readonly runs = new Map<Row, Promise<CrashRun>>();
  private readonly waiting: (() => void)[] = [];
  private active = 0;

  constructor(private readonly site: CrashEnvironment) {}

  /** What is wrong after a case, which waits for those of its row that came before. @throws Error when it did not happen */
  async runCase(row: Row, place: CrashLocation): Promise<readonly string[]> {
    const watch = this.runs.get(row) ?? this.begin(row);
    const turn = watch.then((present) => present.runCase(place, row.step));
    // A case that went wrong must not be blamed on the next one: that gets a crew of its own.
    const next = turn.then(
      (wrong) => (wrong.length === 0 ? watch : this.replace(watch, row)),
      () => this.replace(watch, row),
    );
    this.runs.set(row, next);
    return await turn;
  }

  /** To be called when all cases of a row are through. */
  async end(row: Row): Promise<void> {
    try {
      await (await this.runs.get(row))?.stop();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.active -= 1;
      else next();
    }
  }

  private async begin(row: Row): Promise<CrashRun> {
    if (this.active < MAX_REPLICA_SETS) this.active += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return await CrashRun.open(this.site, row);
  }

  private async replace(watch: Promise<CrashRun>, row: Row): Promise<CrashRun> {
    await (await watch).stop();
    return await CrashRun.open(this.site, row);
  }
}
