import { METRIC_DECIMALS } from '#core';

/** Signed fixed point with 18 decimals as a plain decimal number, such as `0.85`. */
export function formatFixedPoint(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(METRIC_DECIMALS + 1, '0');
  const fraction = digits.slice(-METRIC_DECIMALS).replace(/(?<!0)0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -METRIC_DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}
