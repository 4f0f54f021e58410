// Checks alert rules, their tests, the metrics themselves and the dashboard with promtool. Exits 1 when one is invalid.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expandVariables, dashboardQueries } from './monitoring/dashboard-queries.js';
import { metricsAtBoot } from './monitoring/exported-metrics.js';
import { ALERT_TESTS, ALERTS, DASHBOARD } from './monitoring/files.js';
import { promtool, type PromtoolRun } from './monitoring/promtool.js';

const { expressions } = dashboardQueries(readFileSync(DASHBOARD, 'utf8'));
const { registry } = await metricsAtBoot();

report('alert rules', promtool(['check', 'rules', ALERTS]));
report('alert tests', promtool(['test', 'rules', ...ALERT_TESTS]));
report('metrics', promtool(['check', 'metrics'], await registry.metrics()));
report(`${expressions.length} dashboard expressions`, parsed(expressions));

/** promtool parses expressions only in rules, and JSON is YAML. */
function parsed(queries: readonly string[]): PromtoolRun {
  const rules = queries.map((query, index) => ({ record: `dashboard:${index}`, expr: expandVariables(query) }));
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  try {
    const file = join(folder, 'rules.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    return promtool(['check', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(what: string, { passed, output }: PromtoolRun): void {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${what}`);
  if (passed) return;
  console.error(output);
  process.exitCode = 1;
}
