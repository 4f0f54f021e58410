/** What a node that refused a transaction asks for, as far as its words say so. Null where they do not. */

const UNITS: Readonly<Record<string, bigint>> = { wei: 1n, kwei: 10n ** 3n, mwei: 10n ** 6n, gwei: 10n ** 9n };
const ETHER = 10n ** 18n;
/** The number after the word for a minimum, or on the right of a comparison. */
const MINIMUM =
  /(?:minimum|\bmin\b|needed|required|at least|less than|below|<)[^\d]{0,60}(\d{1,30}(?:\.\d{1,9})?)\s?(wei|kwei|mwei|gwei)?/gi;
/** Names of the whole price, where the words do not speak of the tip. */
const WHOLE_PRICE = /fee ?cap|max ?fee|gas ?price/i;
const TIP = /\btip\b|priority/i;

/** A minimum for the tip, or for the whole price, wei per gas. */
export interface MinimumPrice {
  readonly kind: 'tip' | 'price';
  readonly wei: bigint;
}

/** @param words of a node for which the transaction is underpriced */
export function minimumPrice(words: string): MinimumPrice | null {
  const amounts = [...words.matchAll(MINIMUM)].map(([, number = '', unit]) => inWei(number, unit));
  const wei = amounts.reduce((largest, amount) => (amount > largest ? amount : largest), 0n);
  if (wei === 0n) return null;
  return { kind: WHOLE_PRICE.test(words) && !TIP.test(words) ? 'price' : 'tip', wei };
}

/** Wei that a transaction may cost, by a node for which it costs too much. */
export function costLimit(words: string): bigint | null {
  const [, number = '', unit = ''] = /\bcap[^\d]{0,20}(\d{1,30}(?:\.\d{1,18})?)\s?(ether|eth|wei)\b/i.exec(words) ?? [];
  const wei = number === '' ? 0n : unit.toLowerCase() === 'wei' ? BigInt(number.split('.')[0] ?? 0) : ether(number);
  // Nodes round the limit for their words, a small one to zero.
  return wei === 0n ? null : wei;
}

/** Gas that a transaction needs, by a node for which it has too little. */
export function neededGas(words: string): bigint | null {
  const [, gas] = /(?:minimum needed|at least|needs?|want|required)[^\d]{0,20}(\d{4,20})/i.exec(words) ?? [];
  return gas === undefined ? null : BigInt(gas);
}

/** The most gas that a transaction may ask for, by a node for which `gasLimit` is too much. */
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
