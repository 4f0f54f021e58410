import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ALERTS } from './files.js';
import { scaleRules } from './scaled-rules.js';

it.each([
  ['for: 3m', 'for: 3s'],
  ['increase(a_total[15m])', 'increase(a_total[15s])'],
  ['min_over_time((a)[1d:5m]) offset 1d', 'min_over_time((a)[1440s:5s]) offset 1440s'],
  ['max(b_age_seconds{queue="x"}) > 3600', 'max(b_age_seconds{queue="x"}) > 60'],
  ['time() - c_timestamp_seconds > 120', 'time() - c_timestamp_seconds > 2'],
  ['a_ratio > 0.1 and tokens < 10 and d_p99_seconds > 0.5', 'a_ratio > 0.1 and tokens < 10 and d_p99_seconds > 0.5'],
])('divides the durations of %j, and nothing else', (rule, scaled) => {
  expect(scaleRules(rule, 60)).toBe(scaled);
});

it('changes numbers of the shipped rules, and no word', async () => {
  const shipped = await readFile(ALERTS, 'utf8');
  const [before, after] = [shipped, scaleRules(shipped, 60)].map((rules) => rules.replaceAll(/\d+[smhd]?\b/g, '#'));
  expect(after).toBe(before);
  expect(scaleRules(shipped, 60)).not.toMatch(/(\[|for: |offset )\d+[mhd]/);
});
