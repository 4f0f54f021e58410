import * as fc from 'fast-check';
import { until } from '../../../support/until.js';
import { CONFIRMATIONS, GWEI } from './model-chain.js';
import type { ModelRun } from './model-run.js';

/** Events that can happen to slots, and their number from 1 to 3. */
const ACTIONS = {
  submit: (play: ModelRun, much: number) => play.submit(much),
  look: (play: ModelRun, much: number) => play.waitForHeadReads(2 * much),
  mine: ({ chain }: ModelRun, much: number) => {
    for (let blocks = 0; blocks < much; blocks += 1) chain.mine();
  },
  'mine some': ({ chain }: ModelRun, much: number) => chain.mine({ maximum: much }),
  'mine and revert': ({ chain }: ModelRun, much: number) => chain.mine({ maximum: much, reverting: true }),
  'mine an earlier attempt': (play: ModelRun) => mineEarlier(play),
  'wait for a replacement': (play: ModelRun) => waitForReplacement(play, 800),
  'be replaced': (play: ModelRun) => waitForReplacement(play),
  'wait for a send': (play: ModelRun) => waitForSend(play),
  'drop some': ({ chain }: ModelRun, much: number) => chain.pool.drop(much),
  'drop all': ({ chain }: ModelRun) => chain.pool.drop(),
  'reorganise, back to the pool': (play: ModelRun, much: number) => reorg(play, much, 'to the pool'),
  'reorganise, back nowhere': (play: ModelRun, much: number) => reorg(play, much, 'nowhere'),
  'foreign transaction': (play: ModelRun) => play.chain.mineForeign(),
  'fall behind': ({ node }: ModelRun, much: number) => {
    node.lag = much;
  },
  'hide receipts': ({ node }: ModelRun) => {
    node.receiptsHidden = true;
  },
  'lose answers': ({ node }: ModelRun) => {
    node.sendBehaviour = 'answer lost';
  },
  'refuse sends': ({ node }: ModelRun, much: number) => {
    node.sendBehaviour = much === 1 ? 'too cheap' : 'pool full';
  },
  'raise the base fee': ({ chain }: ModelRun, much: number) => {
    chain.baseFee = BigInt(much) * 90n * GWEI;
    chain.mine();
  },
  'work again': ({ chain, node }: ModelRun) => {
    node.recover();
    chain.normalizeFees();
  },
  'expire the lease': (play: ModelRun) => takeOver(play, false),
  'kill the owner': (play: ModelRun) => takeOver(play, true),
};
type ActionName = keyof typeof ACTIONS;
export type Action = readonly [what: ActionName, much: number];

const FREQUENT: readonly ActionName[] = ['submit', 'look', 'mine', 'mine some', 'wait for a send', 'work again'];
/** Without what cannot happen at every time. */
const NAMES: readonly ActionName[] = [
  ...FREQUENT,
  ...FREQUENT,
  'mine and revert',
  'mine an earlier attempt',
  'wait for a replacement',
  'drop some',
  'drop all',
  'reorganise, back to the pool',
  'reorganise, back nowhere',
  'foreign transaction',
  'fall behind',
  'hide receipts',
  'lose answers',
  'refuse sends',
  'raise the base fee',
  'expire the lease',
  'kill the owner',
];

export const action: fc.Arbitrary<Action> = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.integer({ min: 1, max: CONFIRMATIONS }),
);

export async function perform(play: ModelRun, [what, much]: Action): Promise<void> {
  await ACTIONS[what](play, much);
}

function reorg({ chain, counters }: ModelRun, much: number, back: 'to the pool' | 'nowhere'): void {
  // No more than what is not final.
  const lost = chain.reorg(Math.min(much, CONFIRMATIONS - 1), back);
  counters.add('mined transaction lost in a reorganisation', lost);
}

/** A node far away had it still. */
function mineEarlier({ chain, node, counters }: ModelRun): void {
  const attempts = node.arrived.filter(({ nonce }) => nonce === chain.mined().length);
  const [earliest] = attempts;
  if (!earliest) return;
  chain.mineOnly(earliest);
  if (attempts.length > 1) counters.add('an earlier attempt mined');
}

/** Where it may be that none comes, above the cap or behind a foreign transaction, the wait is short. */
async function waitForReplacement({ chain, node }: ModelRun, timeoutMs?: number): Promise<void> {
  const next = chain.mined().length;
  const attempts = () => node.arrived.filter(({ nonce }) => nonce === next).length;
  const wanted = Math.max(1, attempts()) + 1;
  if (timeoutMs === undefined) await until('a replacement', () => attempts() >= wanted);
  else await until('a replacement', () => attempts() >= wanted, { timeoutMs }).catch(() => undefined);
}

async function waitForSend({ ledger, invariants }: ModelRun): Promise<void> {
  const before = invariants.arrivals.length;
  if ((await ledger.slots()).length === 0) return;
  // Nothing is sent again while all is mined.
  await until('a send', () => invariants.arrivals.length > before, { timeoutMs: 500 }).catch(() => undefined);
}

async function takeOver({ ledger, replicas, counters }: ModelRun, deadly: boolean): Promise<void> {
  if (deadly) await replicas.kill();
  const open = (await ledger.slots()).length > 0;
  const changed = await replicas.expireLease();
  if (open && changed) counters.add('open slots taken over');
}
