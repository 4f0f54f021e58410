/** Parses the minimum or limit that a node names in a refusal. Returns null when it names none. */

const UNITS: Readonly<Record<string, bigint>> = { wei: 1n, kwei: 10n ** 3n, mwei: 10n ** 6n, gwei: 10n ** 9n };
const ETHER = 10n ** 18n;
/** Matches the number after a word for a minimum or after a comparison. */
const MINIMUM =
  /(?:minimum|\bmin\b|needed|required|at least|less than|below|<)[^\d]{0,60}(\d{1,30}(?:\.\d{1,9})?)\s?(wei|kwei|mwei|gwei)?/gi;
/** Names of the total price, in texts that do not name the tip. */
const WHOLE_PRICE = /fee ?cap|max ?fee|gas ?price/i;
const TIP = /\btip\b|priority/i;

/** Minimum of the tip or of the total price, wei per gas. */
export interface MinimumPrice {
  readonly kind: 'tip' | 'price';
  readonly wei: bigint;
}

/** Parses the minimum price. @param words error text of a node that refused the transaction as underpriced */
export function minimumPrice(words: string): MinimumPrice | null {
  const amounts = [...words.matchAll(MINIMUM)].map(([, number = '', unit]) => inWei(number, unit));
  const wei = amounts.reduce((largest, amount) => (amount > largest ? amount : largest), 0n);
  if (wei === 0n) return null;
  return { kind: WHOLE_PRICE.test(words) && !TIP.test(words) ? 'price' : 'tip', wei };
}

/** Parses the maximum cost of a transaction in wei. @param words error text of a node that refused its cost */
export function costLimit(words: string): bigint | null {
  const [, number = '', unit = ''] = /\bcap[^\d]{0,20}(\d{1,30}(?:\.\d{1,18})?)\s?(ether|eth|wei)\b/i.exec(words) ?? [];
  const wei = number === '' ? 0n : unit.toLowerCase() === 'wei' ? BigInt(number.split('.')[0] ?? 0) : ether(number);
  // Nodes round the limit in the text, a small one to zero.
  return wei === 0n ? null : wei;
}

/** Parses the gas that a transaction needs. @param words error text of a node that refused its gas limit as too low */
export function neededGas(words: string): bigint | null {
  const [, gas] = /(?:minimum needed|at least|needs?|want|required)[^\d]{0,20}(\d{4,20})/i.exec(words) ?? [];
  return gas === undefined ? null : BigInt(gas);
}

/** Parses the maximum gas limit. @param words error text of a node that refused `gasLimit` as too high */
export function gasCap(words: string, gasLimit: bigint): bigint | null {
  const amounts = [...words.matchAll(/\d{5,20}/g)].map(([digits]) => BigInt(digits));
  const below = amounts.filter((amount) => amount < gasLimit).toSorted((a, b) => (a < b ? -1 : 1));
  return below.at(-1) ?? null;
}

function inWei(number: string, unit = 'wei'): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  return (BigInt(whole + fraction) * (UNITS[unit.toLowerCase()] ?? 1n)) / 10n ** BigInt(fraction.length);
}

function ether(number: string): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  return (BigInt(whole + fraction) * ETHER) / 10n ** BigInt(fraction.length);
}
