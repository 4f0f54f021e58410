import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer } from '../../support/redis-server.js';
import { ALL_TURNS } from './slot-machine/all-turns.js';
import { happen, happening, type Happening } from './slot-machine/happenings.js';
import { Play } from './slot-machine/play.js';
import { Tally, TURNS } from './slot-machine/tally.js';

const RUNS = Number(process.env['SLOT_RUNS'] ?? 3);
/** Plays at the same time: most of a play is waiting. */
const ABREAST = 4;

const script = fc.array(happening, { minLength: 8, maxLength: 20 });
const scripts = fc.array(script, { minLength: ABREAST, maxLength: ABREAST });

describe('The slots of a lane, whatever happens in whatever order', () => {
  const tally = new Tally();
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  async function perform(happenings: readonly Happening[]): Promise<void> {
    const play = await Play.begin(redis);
    try {
      for (const what of happenings) await happen(play, what);
      await play.heal();
      expect(await play.failures()).toEqual([]);
    } finally {
      tally.addAll(play.count());
      await play.stop();
    }
  }

  it(
    'J1, J2, J3: deploys every model once, and sends nothing before its time',
    async () => {
      const property = fc.asyncProperty(scripts, async (all) => {
        await Promise.all(all.map(perform));
      });
      await fc.assert(property, { numRuns: RUNS, examples: [[[...ALL_TURNS]]], endOnFailure: true });
      expect(TURNS.filter((turn) => tally.of(turn) === 0)).toEqual([]);
    },
    60_000 + RUNS * 60_000,
  );
});
