import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain-harness.js';
import type { ChainReplica } from '../../support/chain-replica.js';
import { until } from '../../support/until.js';
import { SentTransactions } from './sent-transactions.js';

const CONFIRMATIONS = 3;
const RUNS = Number(process.env['SLOT_RUNS'] ?? 4);

const upTo = (max: number) => fc.integer({ min: 1, max });
/** What can happen to slots, by whomever. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), models: upTo(4) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: upTo(3) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('let them look' as const), looks: upTo(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reorganise' as const), depth: upTo(CONFIRMATIONS - 1) }) },
  ...(['lose the pool', 'lose the answers', 'see no receipts', 'heal'] as const).map((kind) => ({
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant(kind) }),
  })),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait for a replacement' as const) }) },
  ...(['take over', 'send a foreign transaction'] as const).map((kind) => ({
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant(kind) }),
  })),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Two replicas that share a lane, and a chain that does what it is told. */
class Play {
  readonly models: string[] = [];
  readonly sent: SentTransactions;
  private judged = 0;

  private constructor(
    private readonly chain: ChainHarness,
    private readonly replicas: readonly [ChainReplica, ChainReplica],
  ) {
    this.sent = new SentTransactions(chain, replicas[0], CONFIRMATIONS);
  }

  static async begin(chain: ChainHarness): Promise<Play> {
    await chain.reset();
    await chain.mining(false);
    // No reorganisation reaches what was there before.
    await chain.mine(CONFIRMATIONS);
    const env = { CONFIRMATIONS: String(CONFIRMATIONS), REPLACE_AFTER: '0.2', BATCH_SIZE: '2', BATCH_WAIT_MS: '0' };
    return new Play(chain, [await chain.started(env), await chain.started(env)]);
  }

  async happen(what: Happening): Promise<void> {
    await this.carryOut(what);
    await this.judgeReturns();
  }

  private async carryOut(what: Happening): Promise<void> {
    const { chain } = this;
    switch (what.kind) {
      case 'submit':
        return await this.submit(what.models);
      case 'mine':
        return await chain.mine(what.blocks);
      case 'let them look':
        return await this.look(what.looks);
      case 'reorganise':
        return void (await chain.anvil.request('anvil_reorg', [what.depth, []]));
      case 'lose the pool':
        return void (await chain.anvil.request('anvil_dropAllTransactions'));
      case 'wait for a replacement':
        return await this.waitForReplacement();
      case 'lose the answers':
        return chain.proxy.decide(({ method }) => (method === 'eth_sendRawTransaction' ? 'drop-answer' : 'forward'));
      case 'see no receipts':
        return chain.proxy.decide(({ method }) =>
          method === 'eth_getTransactionReceipt' ? { code: -32000, message: 'indexing is in progress' } : 'forward',
        );
      case 'heal':
        return chain.proxy.decide(() => 'forward');
      case 'take over':
        return void (await this.replicas[0].redis.hset(this.replicas[0].laneKey, 'expiresAt', '1'));
      case 'send a foreign transaction':
        // The second time it is in the pool already.
        return await chain.foreign(await chain.nonce()).catch(() => undefined);
    }
  }

  /** Every job ends when nothing goes wrong any more. */
  async end(): Promise<void> {
    this.chain.proxy.decide(() => 'forward');
    await until('every job to end', () => this.settled(), { timeoutMs: 90_000, everyMs: 100 });
  }

  private async settled(): Promise<boolean> {
    await this.chain.mine();
    const jobs = await Promise.all(this.models.map((model) => this.replicas[0].jobs.find(model)));
    const undone = jobs.flatMap((job) => (job?.state === 'admitted' ? [job.request.record.modelId] : []));
    // A message that its replica could not serve comes back to any of them.
    for (const replica of this.replicas) if (undone.length > 0) await replica.submit(...undone);
    return jobs.every((job) => job?.state === 'deployed') && (await this.replicas[0].slots()).length === 0;
  }

  private async judgeReturns(): Promise<void> {
    const findings = this.replicas.flatMap((replica) => replica.outcomes.findings);
    const returned = findings.filter((finding) => finding.kind === 'returned');
    for (const { modelId } of returned.slice(this.judged)) await this.sent.givenUp(modelId);
    this.judged = returned.length;
  }

  private async look(times: number): Promise<void> {
    const before = this.chain.proxy.count('eth_getTransactionReceipt');
    const looked = async () =>
      this.chain.proxy.count('eth_getTransactionReceipt') >= before + times ||
      (await this.replicas[0].slots()).length === 0;
    await until('more looks', looked, { timeoutMs: 3_000 }).catch(() => undefined);
  }

  private async submit(count: number): Promise<void> {
    const more = Array.from({ length: count }, (_, n) => `machine-${Date.now()}-${this.models.length + n}`);
    this.models.push(...more);
    for (const replica of this.replicas) await replica.submit(...more);
  }

  private async waitForReplacement(): Promise<void> {
    const attempts = new Map((await this.replicas[0].slots()).map((slot) => [slot.nonce, slot.attempts.length]));
    const replaced = async (): Promise<boolean> => {
      const slots = await this.replicas[0].slots();
      return this.models.length === 0 || slots.some((slot) => slot.attempts.length > (attempts.get(slot.nonce) ?? 1));
    };
    // None comes for what is mined already.
    await until('a replacement', replaced, { timeoutMs: 2_000 }).catch(() => undefined);
  }
}

describe('The slots of a lane, whatever happens in whatever order', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterAll(() => chain.stop());

  it(
    'J1, J2, J3: sends nothing that is not journalled, and no second nonce for a model before the first is taken',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 20 }), async (happenings) => {
          const play = await Play.begin(chain);
          for (const what of happenings) await play.happen(what);
          await play.end();
          expect(play.sent.complaints).toEqual([]);
          for (const model of play.models) expect((await chain.tokens.find(model))?.deployments).toBe(1);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    60_000 + RUNS * 100_000,
  );
});
