import { describe, expect, it } from 'vitest';
import { samplesOf, sumOf } from './metrics-text.js';

const TEXT = String.raw`# HELP processed_total Messages that left.
# TYPE processed_total counter
processed_total{outcome="deployed"} 12
processed_total{outcome="adopted",zone="a}b\"c\\d"} 3
processed_total_created 1.7e+09
up 1
odd_total NaN
`;

describe('samplesOf', () => {
  it('reads the samples of the wanted names and no others', () => {
    expect(samplesOf(TEXT, ['processed_total', 'up'])).toEqual([
      { name: 'processed_total', labels: { outcome: 'deployed' }, value: 12 },
      { name: 'processed_total', labels: { outcome: 'adopted', zone: String.raw`a}b"c\d` }, value: 3 },
      { name: 'up', labels: {}, value: 1 },
    ]);
  });

  it('finds nothing in what is no scrape', () => {
    expect(samplesOf('<html>Bad gateway</html>', ['up'])).toEqual([]);
  });
});

describe('sumOf', () => {
  const samples = samplesOf(TEXT, ['processed_total', 'up']);

  it('adds up one metric', () => {
    expect(sumOf(samples, 'processed_total')).toBe(15);
    expect(sumOf(samples, 'missing')).toBe(0);
  });

  it('takes only the labels that fit', () => {
    expect(sumOf(samples, 'processed_total', ({ outcome }) => outcome === 'adopted')).toBe(3);
  });
});
