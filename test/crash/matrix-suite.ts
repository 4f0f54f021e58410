import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashEnvironment } from './crash-environment.js';
import type { Row } from './matrix.js';
import { MatrixRun } from './matrix-run.js';

/** Every case counts from the start on, and waits for those before it in its row, and for a crew. */
const TIMEOUT_MS = 1_800_000;

/** Declares the matrix of one backend. @param steps what a row's name says of its step; nothing where there is only one */
export function describeMatrix(
  start: () => Promise<CrashEnvironment>,
  rows: readonly Row[],
  steps: Partial<Record<Row['step'], string>> = {},
): void {
  let site: CrashEnvironment;
  let run: MatrixRun;

  beforeAll(async () => {
    site = await start();
    run = new MatrixRun(site);
  });

  afterAll(() => site.stop());

  const named = rows.map((row) => [`${row.name}${steps[row.step] ?? ''}`, row] as const);
  describe.concurrent.each(named)('at work on %s', (_name, row) => {
    afterAll(() => run.end(row));

    it.each(row.locations)(
      'loses nothing and does nothing twice: %s',
      async (place) => {
        expect(await run.runCase(row, place)).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
}
