import { formatFixedPoint, MessageRejectedError } from '#core';
import type { ModelReadyToDeployMessage } from '../envelope/model-ready-to-deploy-message.dto.js';
import { excerpt } from './excerpt.js';

type MetricDirection = 'higher' | 'lower';

/** By metric name in lower case. */
export type MetricDirections = ReadonlyMap<string, MetricDirection>;

interface ImprovementRules {
  readonly minImprovementPercentage: number;
  readonly metricDirections?: MetricDirections | null;
}

interface Improvement {
  readonly percent: number;
  readonly baseline: bigint;
  readonly direction: MetricDirection;
}

type Values = Pick<
  ModelReadyToDeployMessage,
  'metric_name' | 'baseline_value' | 'current_value' | 'improvement_percentage'
>;

/** A metric with one of these words in its name is better when lower. */
export const LOWER_IS_BETTER = new Set(
  (
    'mse rmse mae mape smape rmsle msle error errors loss logloss entropy brier perplexity ppl wer cer ter eer fid ece ' +
    'latency duration cost'
  ).split(' '),
);

/** scikit-learn negates errors under such names, so that higher is better. */
export const NEGATED = new Set(['neg', 'negative']);

const WORDS = /\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu;

/** Decimals of a percentage in errors and in the request. */
const SHOWN_DECIMALS = 4;

/**
 * Checks that the values improve on the baseline and that the producer's claim agrees with them.
 *
 * @returns the improvement in percent of the baseline, positive for better; the claim when the baseline is zero
 * @throws MessageRejectedError
 */
export function requireImprovement(message: Values, rules: ImprovementRules, prefix: string): number | null {
  const { baseline_value: baseline, current_value: current, improvement_percentage: claim } = message;
  const direction = directionOf(message.metric_name, rules.metricDirections ?? null);
  const gain = direction === 'higher' ? current - baseline : baseline - current;
  const percent = percentOf(gain, baseline);
  if (percent < rules.minImprovementPercentage) {
    throw new MessageRejectedError(
      'below_improvement_floor',
      `${prefix}current_value must be at least ${rules.minImprovementPercentage} percent better than ${prefix}baseline_value: ` +
        `${formatFixedPoint(current)} is ${describe(percent)} than ${formatFixedPoint(baseline)} ` +
        `(${direction} is better for ${excerpt(message.metric_name)}).` +
        (claim === null ? '' : ` ${prefix}improvement_percentage claims ${claim}.`),
      `${prefix}current_value`,
    );
  }
  if (claim === null) return Number.isFinite(percent) ? shown(percent) : null;
  if (!agrees(claim, { percent, baseline, direction })) {
    throw new MessageRejectedError(
      'invalid_metric',
      `${prefix}improvement_percentage must agree with the values: ${prefix}current_value ${formatFixedPoint(current)} is ` +
        `${describe(percent)} than ${prefix}baseline_value ${formatFixedPoint(baseline)} ` +
        `(${direction} is better for ${excerpt(message.metric_name)}), got ${claim}.`,
      `${prefix}improvement_percentage`,
    );
  }
  return percent < 0 ? -Math.abs(claim) : Math.abs(claim);
}

function directionOf(metric: string, directions: MetricDirections | null): MetricDirection {
  const configured = directions?.get(metric.toLowerCase());
  if (configured !== undefined) return configured;
  const words = metric.match(WORDS)?.map((word) => word.toLowerCase()) ?? [];
  return words.some((word) => LOWER_IS_BETTER.has(word)) && !words.some((word) => NEGATED.has(word))
    ? 'lower'
    : 'higher';
}

/** Infinite for a change from zero. */
function percentOf(gain: bigint, baseline: bigint): number {
  if (gain === 0n) return 0;
  if (baseline === 0n) return gain > 0n ? Infinity : -Infinity;
  return Number((gain * 100n * 10n ** 12n) / absolute(baseline)) / 1e12;
}

/**
 * Whether the claim is the percentage within one unit of its last decimal. Its sign may be that of the improvement, or that
 * of the change, which the platform computes without the metric's direction. A change from zero has no percentage.
 */
function agrees(claim: number, { percent, baseline, direction }: Improvement): boolean {
  if (!Number.isFinite(percent)) return claim >= 0;
  const change = (direction === 'lower') === baseline > 0n ? -percent : percent;
  const rounding = 10 ** -decimalsOf(claim);
  const precision =
    baseline === 0n ? 0 : Math.abs(percent) * 1e-9 + (100 + Math.abs(percent)) / Number(absolute(baseline));
  return [percent, change].some((expected) => Math.abs(claim - expected) <= rounding + precision);
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

function describe(percent: number): string {
  const word = percent < 0 ? 'worse' : 'better';
  return Number.isFinite(percent) ? `${shown(Math.abs(percent))} percent ${word}` : word;
}

function shown(percent: number): number {
  return Number(percent.toFixed(SHOWN_DECIMALS));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
