import { describe, expect, it } from 'vitest';
import { platformMessage } from '../../../../test/support/fixtures/platform-message.fixture.js';
import { MessageRejectedError } from '#core';
import { parseMessage, type ParsingRules } from '../index.js';

const RULES: ParsingRules = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

type Values = [baseline: unknown, current: unknown, claim?: unknown, metric?: string];

function improvementOf([baseline, current, claim = null, metric = 'accuracy']: Values, rules: Partial<ParsingRules>) {
  const text = platformMessage({
    baseline_value: baseline,
    current_value: current,
    improvement_percentage: claim,
    metric_name: metric,
  });
  return parseMessage(Buffer.from(text), { ...RULES, ...rules }).request.improvementPercentage;
}

function rejectionOf(values: Values, rules: Partial<ParsingRules> = {}): MessageRejectedError {
  try {
    improvementOf(values, rules);
  } catch (error) {
    if (error instanceof MessageRejectedError) return error;
    throw error;
  }
  throw new Error('the message was accepted');
}

describe('requireImprovement', () => {
  it.each<Values>([
    [-0.2, -0.5],
    [0, -0.5],
    [0.8, 0.7],
    [0.8, 0.7, 5],
    [1.1, 1.2, 9.09, 'rmse'],
    [0.3, 0.31, null, 'validation_loss'],
    [120, 121, null, 'p95LatencyMs'],
  ])('rejects values that are worse than the baseline: %j → %j, claim %j, metric %s', (...values: Values) => {
    expect(rejectionOf(values)).toMatchObject({
      reason: 'below_improvement_floor',
      field: 'payload.current_value',
    });
  });

  it('names the values, the direction and the claim', () => {
    expect(rejectionOf([0.8, 0.7, 5]).message).toBe(
      'payload.current_value must be at least 0 percent better than payload.baseline_value: 0.7 is 12.5 percent worse ' +
        'than 0.8 (higher is better for "accuracy"). payload.improvement_percentage claims 5.',
    );
    expect(rejectionOf([0, 0.5, null, 'mse']).message).toBe(
      'payload.current_value must be at least 0 percent better than payload.baseline_value: 0.5 is worse ' +
        'than 0 (lower is better for "mse").',
    );
  });

  it.each<[unknown, unknown, unknown, string, number]>([
    [0.8, 0.84, 5, 'accuracy', 5],
    [0.8, 0.8, null, 'accuracy', 0],
    [-0.5, -0.2, null, 'r2', 60],
    [0.85, 0.91, null, 'accuracy', 7.0588],
    [1, 0.9, 10, 'mse', 10],
    [1, 0.9, -10, 'mse', 10],
    [-0.31, -0.27, null, 'neg_log_loss', 12.9032],
  ])('takes %j → %j, claim %j, metric %s', (baseline, current, claim, metric, improvement) => {
    expect(improvementOf([baseline, current, claim, metric], {})).toBe(improvement);
  });

  it('takes any improvement on a baseline of zero, with the claim as it is', () => {
    expect(improvementOf([0, 0.5], { minImprovementPercentage: 50 })).toBeNull();
    expect(improvementOf([0, 0.5, 100], { minImprovementPercentage: 50 })).toBe(100);
  });

  it.each<Values>([
    [0.8, 0.83],
    [0.8, 0.83, 3.75],
    [0, 0],
  ])('applies the minimum to the values: %j → %j, claim %j', (...values: Values) => {
    expect(rejectionOf(values, { minImprovementPercentage: 5 }).reason).toBe('below_improvement_floor');
  });

  it.each<Values>([
    [0.85, 0.91, 7.06],
    [0.85, 0.91, 7.05],
    [0.85, 0.91, '7.1'],
    [0.85, 0.91, 7],
    [0.85, 0.91, 7.058823529411768],
    [1e-17, 1.04e-17, 4],
    [0.1, 1e30, 9.999999999999999e32],
  ])('takes a rounded claim: %j → %j, claim %j', (...values: Values) => {
    expect(() => improvementOf(values, {})).not.toThrow();
  });

  it.each<Values>([
    [0.85, 0.91, 5],
    [0.85, 0.91, 7.6],
    [0.85, 0.91, -7.06],
    [0.8, 0.8, 5],
    [0, 0.5, -3],
    [0, 0, 7],
    [0.85, 0.91, 0.0706],
  ])('rejects a claim that contradicts the values: %j → %j, claim %j', (...values: Values) => {
    expect(rejectionOf(values)).toMatchObject({
      reason: 'invalid_metric',
      field: 'payload.improvement_percentage',
    });
  });

  it('shows the claim and the improvement that the values make', () => {
    expect(rejectionOf([0.85, 0.91, 5]).message).toBe(
      'payload.improvement_percentage must agree with the values: payload.current_value 0.91 is 7.0588 percent better ' +
        'than payload.baseline_value 0.85 (higher is better for "accuracy"), got 5.',
    );
  });

  it('takes the direction of a metric from the settings first', () => {
    const metricDirections = new Map([
      ['churn', 'lower'],
      ['weight_loss', 'higher'],
    ] as const);
    expect(improvementOf([0.2, 0.1, null, 'Churn'], { metricDirections })).toBe(50);
    expect(improvementOf([10, 11, null, 'weight_loss'], { metricDirections })).toBe(10);
  });
});
