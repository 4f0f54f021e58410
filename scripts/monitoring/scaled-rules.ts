const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Ranges, offsets and `for`: `[15m]`, `[1d:5m]`, `offset 5m`, `for: 3m`. */
const DURATION = /(?<=\[|:|offset |for: )(\d+)([smhd])(?=[\]:)\s]|$)/gm;
/** Ages in seconds that an expression compares with: of messages, slots, blocks and collectors. */
const AGE = /(?<=(?:_age_seconds(?:\{[^}]*\})?|_timestamp_seconds)\)? > )(\d+)/g;

/**
 * Divides every duration of alert rules: ranges, offsets, `for`, and the ages that gauges in seconds are compared with.
 * What it leaves alone, such as counts, ratios and labels, is as shipped.
 */
export function scaleRules(rules: string, factor: number): string {
  return rules
    .replaceAll(
      DURATION,
      (_, count: string, unit: string) => `${Math.ceil((Number(count) * (SECONDS[unit] ?? 1)) / factor)}s`,
    )
    .replaceAll(AGE, (age) => String(Math.ceil(Number(age) / factor)));
}
