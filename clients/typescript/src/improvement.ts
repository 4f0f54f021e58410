import { plainNumberText, toFixedPoint } from './numbers.js';

const DECIMALS = 18;
const BOUND = 2n ** 255n;
const WORDS = /\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu;

export type MetricDirection = 'higher' | 'lower';

/** The value of the keyword `x-improvement`. */
export interface ImprovementRule {
  readonly minPercent: number;
  /** Words of a metric's name that make a lower value the better one. */
  readonly lowerIsBetter: readonly string[];
  /** Words that mark such a metric as negated. */
  readonly negated: readonly string[];
  /** By metric name in lower case. */
  readonly directions?: Readonly<Record<string, MetricDirection>>;
}

/** Whether the values improve on the baseline, and the claim agrees with them. True for values that break a rule of their own. */
export function improves(payload: Readonly<Record<string, unknown>>, rule: ImprovementRule): boolean {
  const { metric_name: metric, improvement_percentage: claimed = null } = payload;
  const baseline = metricOf(payload['baseline_value']);
  const current = metricOf(payload['current_value']);
  if (typeof metric !== 'string' || baseline === null || current === null) return true;
  const isLower = directionOf(metric, rule) === 'lower';
  const gain = isLower ? baseline - current : current - baseline;
  const percent = percentOf(gain, baseline);
  if (percent < rule.minPercent) return false;
  if (claimed === null) return true;
  const claim = Number(typeof claimed === 'string' ? plainNumberText(claimed) : claimed);
  if (!Number.isFinite(percent)) return claim >= 0;
  const change = isLower === baseline > 0n ? -percent : percent;
  const precision =
    baseline === 0n ? 0 : Math.abs(percent) * 1e-9 + (100 + Math.abs(percent)) / Number(absolute(baseline));
  const rounding = 10 ** -decimalsOf(claim) + precision;
  return [percent, change].some((expected) => Math.abs(claim - expected) <= rounding);
}

function metricOf(value: unknown): bigint | null {
  const metric = toFixedPoint(value, DECIMALS);
  return metric !== null && absolute(metric) < BOUND ? metric : null;
}

function directionOf(metric: string, { lowerIsBetter, negated, directions = {} }: ImprovementRule): MetricDirection {
  const name = metric.toLowerCase();
  const configured = Object.hasOwn(directions, name) ? directions[name] : undefined;
  if (configured !== undefined) return configured;
  const words = (metric.match(WORDS) ?? []).map((word) => word.toLowerCase());
  const isLower = words.some((word) => lowerIsBetter.includes(word)) && !words.some((word) => negated.includes(word));
  return isLower ? 'lower' : 'higher';
}

function percentOf(gain: bigint, baseline: bigint): number {
  if (gain === 0n) return 0;
  if (baseline === 0n) return gain > 0n ? Infinity : -Infinity;
  return Number((gain * 10n ** 14n) / absolute(baseline)) / 1e12;
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
