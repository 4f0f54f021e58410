import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CrashSite } from './crash-site.js';
import { Matrix, ROWS } from './matrix.js';

describe('A service that is killed -9', () => {
  let site: CrashSite;
  let matrix: Matrix;

  beforeAll(async () => {
    site = await CrashSite.start();
    matrix = new Matrix(site);
  });

  afterAll(async () => {
    await matrix.end();
    await site.stop();
  }, 300_000);

  describe.each(ROWS.map((row) => [row.name, row] as const))('at work on %s', (_name, row) => {
    it.each(row.places)('loses nothing and does nothing twice: %s', async (place) => {
      expect(await matrix.result(row, place)).toEqual([]);
    });
  });
});
