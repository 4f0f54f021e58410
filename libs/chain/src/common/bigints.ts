/** Returns the highest value. 0 without values. */
export function maxBigInt(...values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b), 0n);
}

/** Returns the lowest value. */
export function minBigInt(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((a, b) => (a < b ? a : b), first);
}

/** Returns an estimate of gas, raised by the percentage. */
export function withGasMargin(estimate: bigint, percent: bigint): bigint {
  return estimate + (estimate * percent) / 100n;
}
