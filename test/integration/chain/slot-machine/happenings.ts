import * as fc from 'fast-check';
import { until } from '../../../support/until.js';
import { CONFIRMATIONS, GWEI } from './model-chain.js';
import type { Play } from './play.js';

/** What can happen to slots, by whomever, and how much of it: a number from 1 to 3. */
const HAPPENINGS = {
  submit: (play: Play, much: number) => play.submit(much),
  look: (play: Play, much: number) => play.look(2 * much),
  mine: ({ chain }: Play, much: number) => {
    for (let blocks = 0; blocks < much; blocks += 1) chain.mine();
  },
  'mine some': ({ chain }: Play, much: number) => chain.mine({ most: much }),
  'mine and revert': ({ chain }: Play, much: number) => chain.mine({ most: much, reverting: true }),
  'mine an earlier attempt': (play: Play) => mineEarlier(play),
  'wait for a replacement': (play: Play) => waitForReplacement(play, 800),
  'be replaced': (play: Play) => waitForReplacement(play),
  'wait for a send': (play: Play) => waitForSend(play),
  'drop some': ({ chain }: Play, much: number) => chain.pool.drop(much),
  'drop all': ({ chain }: Play) => chain.pool.drop(),
  'reorganise, back to the pool': (play: Play, much: number) => reorganise(play, much, 'to the pool'),
  'reorganise, back nowhere': (play: Play, much: number) => reorganise(play, much, 'nowhere'),
  'foreign transaction': (play: Play) => play.chain.mineForeign(),
  'fall behind': ({ node }: Play, much: number) => {
    node.lag = much;
  },
  'hide receipts': ({ node }: Play) => {
    node.receiptsHidden = true;
  },
  'lose answers': ({ node }: Play) => {
    node.reception = 'answer lost';
  },
  'refuse sends': ({ node }: Play, much: number) => {
    node.reception = much === 1 ? 'too cheap' : 'pool full';
  },
  'raise the base fee': ({ chain }: Play, much: number) => {
    chain.baseFee = BigInt(much) * 90n * GWEI;
    chain.mine();
  },
  'work again': ({ chain, node }: Play) => {
    node.heal();
    chain.calm();
  },
  'expire the lease': (play: Play) => takeOver(play, false),
  'kill the owner': (play: Play) => takeOver(play, true),
};
type Name = keyof typeof HAPPENINGS;
export type Happening = readonly [what: Name, much: number];

const OFTEN: readonly Name[] = ['submit', 'look', 'mine', 'mine some', 'wait for a send', 'work again'];
/** Without what cannot happen at every time. */
const NAMES: readonly Name[] = [
  ...OFTEN,
  ...OFTEN,
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

export const happening: fc.Arbitrary<Happening> = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.integer({ min: 1, max: CONFIRMATIONS }),
);

export async function happen(play: Play, [what, much]: Happening): Promise<void> {
  await HAPPENINGS[what](play, much);
}

function reorganise({ chain, tally }: Play, much: number, back: 'to the pool' | 'nowhere'): void {
  // No more than what is not final.
  const lost = chain.reorganise(Math.min(much, CONFIRMATIONS - 1), back);
  tally.add('mined transaction lost in a reorganisation', lost);
}

/** A node far away had it still. */
function mineEarlier({ chain, node, tally }: Play): void {
  const attempts = node.arrived.filter(({ nonce }) => nonce === chain.mined().length);
  const [earliest] = attempts;
  if (!earliest) return;
  chain.mineOnly(earliest);
  if (attempts.length > 1) tally.add('an earlier attempt mined');
}

/** Where it may be that none comes, above the cap or behind a foreign transaction, the wait is short. */
async function waitForReplacement({ chain, node }: Play, timeoutMs?: number): Promise<void> {
  const next = chain.mined().length;
  const attempts = () => node.arrived.filter(({ nonce }) => nonce === next).length;
  const wanted = Math.max(1, attempts()) + 1;
  if (timeoutMs === undefined) await until('a replacement', () => attempts() >= wanted);
  else await until('a replacement', () => attempts() >= wanted, { timeoutMs }).catch(() => undefined);
}

async function waitForSend({ ledger, rules }: Play): Promise<void> {
  const before = rules.arrivals.length;
  if ((await ledger.slots()).length === 0) return;
  // Nothing is sent again while all is mined.
  await until('a send', () => rules.arrivals.length > before, { timeoutMs: 500 }).catch(() => undefined);
}

async function takeOver({ ledger, replicas, tally }: Play, deadly: boolean): Promise<void> {
  if (deadly) await replicas.kill();
  const open = (await ledger.slots()).length > 0;
  const changed = await replicas.expireLease();
  if (open && changed) tally.add('open slots taken over');
}
