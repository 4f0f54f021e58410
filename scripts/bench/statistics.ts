/** @throws RangeError for no values */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/**
 * Interpolated between neighbours, so that the median of two values is their mean.
 *
 * @param share such as 0.99
 * @throws RangeError for no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) throw new RangeError('no values');
  return below + (above - below) * (rank - Math.floor(rank));
}
