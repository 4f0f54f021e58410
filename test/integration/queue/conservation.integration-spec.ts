import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QueueFixture } from './queue.fixture.js';
import { type QueueAction, QueueModelRun } from './queue-model-run.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
afterAll(async () => await fixture.stop());

const pick = fc.nat({ max: 30 });
// A lost reply costs a reconnect: rare, and still in nearly every play.
const replyLost = fc.nat({ max: 14 }).map((n) => n === 0);
// Few messages, so that most bytes stand in the queue several times.
const message = fc.constantFrom('a', 'b', 'c', 'd');

const action: fc.Arbitrary<QueueAction> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('produce' as const), message }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 4 }), replyLost }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      pick,
      how: fc.constantFrom(
        'ack' as const,
        'retry' as const,
        'delay' as const,
        'release' as const,
        'dead-letter' as const,
      ),
      replyLost,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('renew' as const, 'expire' as const, 'replay' as const, 'finishAsForeigner' as const),
      pick,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'sweep' as const,
        'sweep' as const,
        'promote' as const,
        'pause' as const,
        'resume' as const,
        'resume' as const,
        'takeAsForeigner' as const,
        'forgetScripts' as const,
      ),
    }),
  },
);

it('M1: keeps every message in exactly one place after any actions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (moves) => {
      await fixture.reset();
      const play = await QueueModelRun.start(fixture);
      for (const next of moves) {
        await play.apply(next);
        const { produced, found } = await play.accountForMessages();
        expect(found).toEqual(produced);
      }
      await play.drain();
      const { produced, found } = await play.accountForMessages();
      expect(found).toEqual(produced);
      expect(await play.unexpectedKeys()).toEqual([]);
    }),
    { numRuns: 40, interruptAfterTimeLimit: 40_000 },
  );
}, 90_000);
