import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer } from '../../support/redis/redis-server.js';
import { COVERING_SCRIPTS } from './lane-model/covering-scripts.js';
import { perform, action, type Action } from './lane-model/actions.js';
import { ModelRun } from './lane-model/model-run.js';
import { Counters, COUNTED_EVENTS } from './lane-model/counters.js';

const RUNS = Number(process.env['SLOT_RUNS'] ?? 3);
/** Plays at the same time: most of a play is waiting. */
const CONCURRENCY = 4;

const script = fc.array(action, { minLength: 8, maxLength: 20 });
const scripts = fc.array(script, { minLength: CONCURRENCY, maxLength: CONCURRENCY });

describe('The slots of a lane, under any events in any order', () => {
  const tally = new Counters();
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  async function runScript(actions: readonly Action[]): Promise<void> {
    const run = await ModelRun.start(redis);
    try {
      for (const each of actions) await perform(run, each);
      await run.recover();
      expect(await run.violations()).toEqual([]);
    } finally {
      tally.addAll(run.count());
      await run.stop();
    }
  }

  it(
    'J1, J2, J3: deploys every model once, and sends nothing before its time',
    async () => {
      const property = fc.asyncProperty(scripts, async (all) => {
        await Promise.all(all.map(runScript));
      });
      await fc.assert(property, { numRuns: RUNS, examples: [[[...COVERING_SCRIPTS]]], endOnFailure: true });
      expect(COUNTED_EVENTS.filter((turn) => tally.of(turn) === 0)).toEqual([]);
    },
    60_000 + RUNS * 60_000,
  );
});
