import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LaneLease, type SpendCharge, SpendRegistry, type TransactionOutcome, type VersionedPolicy } from '#core';
import { RedisSpendLedger } from '#ledger';
import { RedisServer } from '../../support/redis/redis-server.js';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { attempt, failed, LANE, LedgerFixture, request, slot } from './ledger.fixture.js';

const GWEI = 10n ** 9n;
const HOUR_MS = 3_600_000;
const MAXIMUM = {
  spendPerHour: 100n * GWEI,
  spendPerDay: null,
  gasPerToken: null,
  tokensPerHour: null,
  maxFeePerGas: 200n * GWEI,
  maxPriorityFeePerGas: 2n * GWEI,
};
const POLICY: VersionedPolicy = { ...MAXIMUM, version: 0 };
const ACTION = { actor: 'alice', requestId: 'r-1', note: 'the fees are high' };

function charge(gwei: bigint, changes: Partial<VersionedPolicy> = {}, tokens = 1): SpendCharge {
  return { cost: gwei * GWEI, tokens, policy: { ...POLICY, ...changes } };
}

describe('Spending', () => {
  let server: RedisServer;
  let ledger: LedgerFixture;
  let spending: RedisSpendLedger;
  let lease: LaneLease;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open(server);
    spending = new RedisSpendLedger(ledger.connections, ledger.options);
    lease = await ledger.lane();
  });
  afterEach(() => ledger.close());
  afterAll(() => server.stop());

  const hour = async () => {
    const { spent, reserved } = (await spending.read()).windows.ether_per_hour;
    return { spent: spent / GWEI, reserved: reserved / GWEI };
  };
  const commit = async (nonce: number, wanted: SpendCharge, of = lease) => {
    const modelId = `model-${of.lane}-${nonce}`;
    await ledger.admit(request(modelId));
    const transaction = slot({ nonce, modelIds: [modelId], attempts: [attempt(`0xa${nonce}`)] });
    return (await ledger.journal.commit(of, transaction, [], wanted)).kind;
  };
  const close = async (nonce: number, gwei?: bigint, of = lease) => {
    const spent = gwei === undefined ? {} : { spent: { cost: gwei * GWEI, tokens: 1 } };
    return await ledger.jobs.complete({ lease: of, nonce, block: 1, ...spent }, [failed(`model-${of.lane}-${nonce}`)]);
  };
  /** Moves every booked cost by so much time, as if the clock of Redis had gone on or back. */
  const shift = async (ms: number) => {
    const fields = await ledger.redis.hgetall(ledger.keys.spent);
    await ledger.redis.del(ledger.keys.spent);
    for (const [name, amount] of Object.entries(fields)) {
      const [, window = '', unit, index] = /^(\w+:(minute|hour)):(\d+)$/.exec(name) ?? [];
      const moved = Number(index) + ms / (unit === 'hour' ? HOUR_MS : 60_000);
      await ledger.redis.hset(ledger.keys.spent, `${window}:${Math.floor(moved)}`, amount);
    }
  };

  /** As if the cool-down of the circuit breaker were over. */
  const coolDown = async () => await ledger.redis.hset(ledger.keys.circuit, 'probeAt', '1');

  describe('budget', () => {
    it('reserves the worst case, and books the cost when the slot closes', async () => {
      expect(await commit(7, charge(60n))).toBe('committed');
      expect(await hour()).toEqual({ spent: 0n, reserved: 60n });
      await close(7, 25n);
      expect(await hour()).toEqual({ spent: 25n, reserved: 0n });
      expect((await spending.read()).windows.tokens_per_hour).toMatchObject({ spent: 1n, reserved: 0n });
    });

    it('rounds costs up to gwei', async () => {
      await ledger.admit(request('model-1'));
      await ledger.journal.commit(lease, slot(), [], { ...charge(0n), cost: GWEI + 1n });
      expect(await hour()).toEqual({ spent: 0n, reserved: 2n });
      await ledger.jobs.complete({ lease, nonce: 7, spent: { cost: 1n, tokens: 0 } }, [failed('model-1')]);
      expect(await hour()).toEqual({ spent: 1n, reserved: 0n });
    });

    it('refuses a transaction that exceeds what is left, and writes nothing', async () => {
      await commit(7, charge(60n));
      await ledger.admit(request('model-8'));
      const before = await ledger.contents();
      const wanted = slot({ nonce: 8, modelIds: ['model-8'], attempts: [attempt('0xbb')] });
      expect(await ledger.journal.commit(lease, wanted, [], charge(41n))).toEqual({ kind: 'over-budget' });
      expect(await ledger.contents()).toEqual(before);
      expect(await ledger.journal.commit(lease, wanted, [], charge(40n))).toEqual({ kind: 'committed' });
    });

    it('counts tokens', async () => {
      const policy = { spendPerHour: null, tokensPerHour: 3n };
      expect(await commit(7, charge(1n, policy, 2))).toBe('committed');
      expect(await commit(8, charge(1n, policy, 2))).toBe('over-budget');
      expect(await commit(8, charge(1n, policy, 1))).toBe('committed');
      expect(await commit(9, charge(1n, policy, 0))).toBe('committed');
    });

    it('charges a replacement the difference, and keeps the higher of two', async () => {
      await commit(7, charge(60n));
      const replace = async (hash: string, gwei: bigint) =>
        (await ledger.journal.addAttempt(lease, 7, attempt(hash), charge(gwei))).kind;
      expect(await replace('0xbb', 101n)).toBe('over-budget');
      expect((await ledger.journal.read(LANE)).slots[0]?.attempts).toHaveLength(1);
      expect(await replace('0xbb', 100n)).toBe('committed');
      expect(await replace('0xcc', 50n)).toBe('committed');
      expect(await hour()).toEqual({ spent: 0n, reserved: 100n });
    });

    it('charges a filled gap', async () => {
      const gap = slot({ nonce: 5, modelIds: [] });
      expect(await ledger.journal.fillGap(lease, gap, charge(101n, {}, 0))).toEqual({ kind: 'over-budget' });
      expect(await ledger.journal.fillGap(lease, gap, charge(3n, {}, 0))).toEqual({ kind: 'committed' });
      expect(await hour()).toEqual({ spent: 0n, reserved: 3n });
    });

    it('is charged once for a repeated commit and a repeated receipt', async () => {
      await commit(7, charge(60n));
      expect(
        await ledger.journal.commit(
          lease,
          slot({ modelIds: [`model-${LANE}-7`], attempts: [attempt('0xa7')] }),
          [],
          charge(60n),
        ),
      ).toEqual({ kind: 'committed' });
      expect(await hour()).toEqual({ spent: 0n, reserved: 60n });
      for (let times = 0; times < 3; times += 1) await close(7, 25n);
      expect(await hour()).toEqual({ spent: 25n, reserved: 0n });
    });

    it('keeps the reservation over a crash, until the next owner of the lane closes the slot', async () => {
      await commit(7, charge(60n));
      await ledger.redis.hset(ledger.keys.lane(LANE), 'expiresAt', '1');
      const rival = ledger.sibling({ owner: 'replica-b' });
      const taken = (await rival.journal.acquire(LANE, 60_000)) as LaneLease;
      expect(await hour()).toEqual({ spent: 0n, reserved: 60n });
      await rival.jobs.complete({ lease: taken, nonce: 7 }, [failed(`model-${LANE}-7`)]);
      expect(await hour()).toEqual({ spent: 60n, reserved: 0n });
    });

    it('drops the reservation of a slot that an operator has deleted', async () => {
      await commit(7, charge(60n));
      await commit(8, charge(10n));
      await ledger.redis.hdel(ledger.keys.slots(LANE), '7');
      await ledger.journal.acquire(LANE, 60_000);
      expect(await hour()).toEqual({ spent: 0n, reserved: 10n });
    });

    it('is back when the costs have left its window, and only then', async () => {
      await commit(7, charge(60n));
      await close(7, 60n);
      await shift(-60 * 60_000);
      expect(await commit(8, charge(60n))).toBe('over-budget');
      await shift(-60_000);
      expect(await commit(8, charge(60n))).toBe('committed');
    });

    it('of a day counts what has left the hour', async () => {
      const policy = { spendPerHour: null, spendPerDay: 100n * GWEI };
      await commit(7, charge(60n, policy));
      await close(7, 60n);
      await shift(-23 * HOUR_MS);
      expect(await commit(8, charge(60n, policy))).toBe('over-budget');
      await shift(-2 * HOUR_MS);
      expect(await commit(8, charge(60n, policy))).toBe('committed');
    });

    it('counts costs of the future, and forgets them an hour after the next one: the clock was set back', async () => {
      await commit(7, charge(90n));
      await close(7, 60n);
      await shift(10 * HOUR_MS);
      expect(await commit(8, charge(60n))).toBe('over-budget');
      expect(await commit(8, charge(40n))).toBe('committed');
      await close(8, 20n);
      expect(await hour()).toEqual({ spent: 80n, reserved: 0n });
      await shift(-61 * 60_000);
      expect(await hour()).toEqual({ spent: 0n, reserved: 0n });
    });

    it('keeps at most the buckets of its windows, and expires', async () => {
      for (let nonce = 7; nonce < 77; nonce += 1) {
        await commit(nonce, charge(1n));
        await close(nonce, 1n);
        await shift(-60_000);
      }
      expect(await ledger.redis.hlen(ledger.keys.spent)).toBeLessThanOrEqual(2 * 62 + 26);
      expect(await ledger.redis.hlen(ledger.keys.reserved)).toBe(0);
      await commit(77, charge(1n));
      await close(77, 1n);
      expect(await ledger.redis.ttl(ledger.keys.spent)).toBeGreaterThan(25 * 3600);
    });

    it('closes slots beside malformed entries', async () => {
      await commit(7, charge(60n));
      const minute = Math.floor(Date.now() / 60_000);
      await ledger.redis.hset(ledger.keys.spent, `gwei:minute:${minute}`, 'x', 'nonsense', '1');
      await ledger.redis.hset(ledger.keys.reserved, 'nonsense', 'x');
      await close(7, 25n);
      expect(await hour()).toEqual({ spent: 25n, reserved: 0n });
    });
  });

  describe('policy', () => {
    const policy = { ...MAXIMUM, spendPerHour: 10n * GWEI, tokensPerHour: 5n };

    it('is replaced once per version, with an audit record', async () => {
      expect((await spending.read()).policy).toBeNull();
      expect(await spending.replacePolicy(policy, 0, ACTION)).toBe(true);
      expect(await spending.replacePolicy(MAXIMUM, 0, ACTION)).toBe(false);
      expect((await spending.read()).policy).toEqual({ ...policy, version: 1 });
      const [[, record] = ['', []]] = await ledger.redis.xrevrange(ledger.queue.audit, '+', '-');
      expect(record).toEqual(expect.arrayContaining(['set_policy', 'alice', 'the fees are high', 'version', '1']));
    });

    it('stops what was signed under another version', async () => {
      await spending.replacePolicy(policy, 0, ACTION);
      expect(await commit(7, charge(1n))).toBe('policy-changed');
      expect(await commit(7, charge(1n, { version: 1 }))).toBe('committed');
      const replaced = await ledger.journal.addAttempt(lease, 7, attempt('0xbb'), charge(2n));
      expect(replaced).toEqual({ kind: 'policy-changed' });
    });

    it('is a hold while it cannot be read, and never above the maximum', async () => {
      await ledger.redis.hset(ledger.keys.policy, 'version', '3', 'spendPerHour', 'much');
      await expect(spending.read()).rejects.toMatchObject({ reason: 'ledger_unreadable' });
      await ledger.redis.del(ledger.keys.policy);
      await spending.replacePolicy({ ...MAXIMUM, spendPerHour: null, maxFeePerGas: 10n ** 30n }, 0, ACTION);
      const registry = new SpendRegistry(MAXIMUM);
      registry.update(await spending.read());
      expect(registry.policy).toEqual({ ...MAXIMUM, version: 1 });
    });
  });

  describe('circuit breaker', () => {
    const LIMITS = { failures: 3, costFactor: 5, coolDownMs: 60_000 };
    let mined = 0;
    const outcome = (succeeded: boolean, gwei = 1n, nonce = 0): TransactionOutcome => {
      mined += 1;
      return { lane: LANE, nonce, hash: `0x${mined}`, succeeded, costPerToken: succeeded ? gwei * GWEI : null };
    };
    const record = async (...outcomes: readonly TransactionOutcome[]) => {
      await spending.recordOutcomes(outcomes, LIMITS);
      return (await spending.read()).circuit;
    };
    const fail = async (count: number) => await record(...Array.from({ length: count }, () => outcome(false)));
    const priced = (count: number, gwei: bigint) => Array.from({ length: count }, () => outcome(true, gwei));

    it('opens at so many failures of the last twenty, each counted once', async () => {
      const first = outcome(false);
      expect(await record(first, first, outcome(false))).toBeNull();
      expect(await record(first)).toBeNull();
      expect(await record(...priced(19, 1n))).toBeNull();
      // The first two have left the last twenty.
      expect(await fail(2)).toBeNull();
      const opened = await fail(1);
      expect(opened).toMatchObject({ isBlocking: true, cause: { kind: 'failures', failed: 3, of: 20 } });
      expect((opened?.probeAt ?? 0) - (opened?.openedAt ?? 0)).toBe(60_000);
    });

    it('opens when tokens cost more than usual, once a usual cost is known', async () => {
      expect(await record(...priced(20, 10n), ...priced(9, 51n))).toBeNull();
      expect(await record(...priced(10, 51n))).toBeNull();
      const cause = { kind: 'cost', cost: 51n * GWEI, usual: 10n * GWEI };
      expect(await record(...priced(1, 51n))).toMatchObject({ isBlocking: true, cause });
    });

    it('refuses new transactions, and neither replacements nor gap fillers', async () => {
      await commit(7, charge(1n));
      await fail(3);
      expect(await commit(8, charge(1n))).toBe('circuit-open');
      expect(await ledger.journal.addAttempt(lease, 7, attempt('0xbb'), charge(2n))).toEqual({ kind: 'committed' });
      const gap = slot({ nonce: 6, modelIds: [], attempts: [attempt('0xcc')] });
      expect(await ledger.journal.fillGap(lease, gap, charge(1n))).toEqual({ kind: 'committed' });
    });

    it('lets exactly one transaction of all lanes through after the cool-down, and closes when it succeeds', async () => {
      const others = await Promise.all(
        ANVIL_ACCOUNTS.slice(1, 3).map(async ({ address }) => {
          const held = (await ledger.journal.acquire(address, 60_000)) as LaneLease;
          await ledger.journal.resetNonce(held, 0);
          return held;
        }),
      );
      await fail(3);
      await coolDown();
      const kinds = await Promise.all(others.map((each) => commit(0, charge(1n), each)));
      expect(kinds.toSorted()).toEqual(['circuit-open', 'committed']);
      expect((await spending.read()).circuit).toMatchObject({ isBlocking: true });
      const probe = others[kinds.indexOf('committed')]?.lane ?? '';
      // One that was signed before it opened closes nothing.
      expect(await record(outcome(true))).not.toBeNull();
      expect(await record({ ...outcome(true), lane: probe })).toBeNull();
      expect(await commit(7, charge(1n))).toBe('committed');
      expect(await fail(2)).toBeNull();
    });

    it('waits again when the probe fails or costs too much, and does not wait for a probe whose slot is gone', async () => {
      await record(...priced(20, 10n), ...priced(20, 51n));
      await coolDown();
      expect(await commit(7, charge(1n))).toBe('committed');
      expect(await record(outcome(true, 51n, 7))).toMatchObject({ isBlocking: true });
      expect(await commit(8, charge(1n))).toBe('circuit-open');
      await coolDown();
      expect(await commit(8, charge(1n))).toBe('committed');
      expect(await commit(9, charge(1n))).toBe('circuit-open');
      await close(8);
      expect(await commit(9, charge(1n))).toBe('committed');
      expect(await record(outcome(false, 0n, 9))).toMatchObject({ isBlocking: true });
      await coolDown();
      expect(await commit(10, charge(1n))).toBe('committed');
      expect(await record(outcome(true, 50n, 10))).toBeNull();
    });

    it('is closed by an operator, with an audit record, and forgets what it has counted', async () => {
      const failures = [outcome(false), outcome(false), outcome(false)];
      await record(...failures);
      expect(await spending.closeCircuit(ACTION)).toBe(true);
      expect(await spending.closeCircuit(ACTION)).toBe(false);
      // A restart counts the same transactions again.
      expect(await record(...failures)).toBeNull();
      expect(await commit(7, charge(1n))).toBe('committed');
      const [[, fields] = ['', []]] = await ledger.redis.xrevrange(ledger.queue.audit, '+', '-');
      expect(fields).toEqual(expect.arrayContaining(['close_circuit', 'alice', 'the fees are high', 'opened_at']));
    });

    it('is a hold while it cannot be read, and keeps no more than a hundred outcomes', async () => {
      await record(...priced(130, 1n));
      expect(await ledger.redis.zcard(ledger.keys.outcomes)).toBe(100);
      await ledger.redis.hset(ledger.keys.circuit, 'openedAt', 'long ago');
      await expect(spending.read()).rejects.toMatchObject({ reason: 'ledger_unreadable' });
    });
  });

  describe('of several lanes', () => {
    const STEP = fc.record({
      lane: fc.nat(2),
      kind: fc.constantFrom('commit', 'commit', 'replace', 'close', 'close-unknown'),
      gwei: fc.bigInt({ min: 1n, max: 60n }),
      share: fc.nat(100),
    });

    it('never exceeds the budget, and equals the sum of its slots, after any concurrent steps', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(STEP, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
          async (rounds) => {
            await ledger.redis.flushall();
            const lanes = await Promise.all(
              ANVIL_ACCOUNTS.slice(0, 3).map(async ({ address }) => {
                const held = (await ledger.journal.acquire(address, 60_000)) as LaneLease;
                await ledger.journal.resetNonce(held, 0);
                return { held, next: 0, open: new Map<number, bigint>() };
              }),
            );
            let spent = 0n;
            for (const round of rounds) {
              // One step of each lane at once.
              const steps = [...new Map(round.map((step) => [step.lane, step])).values()];
              await Promise.all(
                steps.map(async ({ lane: index, kind, gwei, share }) => {
                  const lane = lanes[index];
                  if (lane === undefined) return;
                  const [nonce, reserved] = [...lane.open][0] ?? [];
                  if (kind === 'commit') {
                    if ((await commit(lane.next, charge(gwei), lane.held)) !== 'committed') return;
                    lane.open.set(lane.next, gwei);
                    lane.next += 1;
                  } else if (nonce === undefined || reserved === undefined) return;
                  else if (kind === 'replace') {
                    const signed = attempt(`0xb${nonce}${share}${gwei}`);
                    const added = await ledger.journal.addAttempt(lane.held, nonce, signed, charge(gwei));
                    if (added.kind === 'committed' && gwei > reserved) lane.open.set(nonce, gwei);
                  } else {
                    const cost = kind === 'close' ? (reserved * BigInt(share)) / 100n : undefined;
                    await close(nonce, cost, lane.held);
                    lane.open.delete(nonce);
                    spent += cost ?? reserved;
                  }
                }),
              );
              const reserved = lanes.flatMap(({ open }) => [...open.values()]).reduce((sum, each) => sum + each, 0n);
              const found = await hour();
              expect(found).toEqual({ spent, reserved });
              expect(found.spent + found.reserved).toBeLessThanOrEqual(100n);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  });
});
