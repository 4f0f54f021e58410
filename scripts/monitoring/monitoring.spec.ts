import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SEND_RESULTS } from '#chain';
import { DEAD_LETTER_REASONS, HOLD_REASONS } from '#core';
import { FAULTS } from '../../test/alerts/faults.js';
import { dashboardText } from './dashboard/dashboard.js';
import { expandVariables, dashboardQueries } from './dashboard-queries.js';
import { type ExportedMetric, exportedMetrics, metricsAtBoot } from './exported-metrics.js';
import { metricUses } from './expressions.js';
import { ALERT_TESTS, ALERTS, DASHBOARD } from './files.js';
import { unknownMetricUses } from './unknown-metric-uses.js';

const RUNBOOKS = 'docs/runbooks';

let alerts: string;
let dashboard: string;
let exported: ReadonlyMap<string, ExportedMetric>;

beforeAll(async () => {
  [alerts, dashboard] = (await Promise.all([ALERTS, DASHBOARD].map((file) => readFile(file, 'utf8')))) as [
    string,
    string,
  ];
  exported = await exportedMetrics(await metricsAtBoot());
});

function alertNames(): readonly string[] {
  return [...alerts.matchAll(/^ *- alert: (\w+)$/gm)].map(([, name = '']) => name);
}

/** `TokenDeployerQueueLag` → `queue-lag.md` */
function runbookOf(alert: string): string {
  const words = alert.replace('TokenDeployer', '').match(/[A-Z][a-z]+/g) ?? [];
  return `${words.join('-').toLowerCase()}.md`;
}

describe('the alert rules', () => {
  it('name only metrics and label values that the service exports', () => {
    const uses = metricUses(alerts);
    expect(uses.length).toBeGreaterThan(30);
    expect(unknownMetricUses(uses, exported)).toEqual([]);
  });

  it('have a severity, a summary, a description and a runbook that exists, each', async () => {
    const pages = await readdir(RUNBOOKS);
    const blocks = alerts.split(/^ *- alert: /m).slice(1);
    expect(blocks).toHaveLength(26);
    for (const block of blocks) {
      const [name = ''] = block.split('\n');
      expect(name).toMatch(/^TokenDeployer[A-Z]/);
      expect(block).toMatch(/^ +severity: (warning|critical)$/m);
      expect(block).toMatch(/^ +summary: \S/m);
      expect(block).toMatch(/^ +description: \S/m);
      expect(block).toMatch(new RegExp(`^ +runbook_url: ${RUNBOOKS}/${runbookOf(name)}$`, 'm'));
      expect(pages).toContain(runbookOf(name));
    }
  });

  it('are each shown by promtool tests to fire and not to fire', async () => {
    const tests = (await Promise.all(ALERT_TESTS.map((file) => readFile(file, 'utf8')))).join('\n');
    const shown = [...tests.matchAll(/alertname: (\w+)\n +exp_alerts:( \[\])?/g)];
    const fire = new Set(shown.filter(([, , none]) => none === undefined).map(([, name]) => name));
    const silent = new Set(shown.filter(([, , none]) => none !== undefined).map(([, name]) => name));
    expect(fire).toEqual(new Set(alertNames()));
    expect(silent).toEqual(new Set(alertNames()));
  });

  it('are each fired by a real fault', () => {
    const provoked = Object.values(FAULTS).flat();
    expect(provoked.map((name) => `TokenDeployer${name}`).toSorted()).toEqual(alertNames().toSorted());
  });

  it('never add up what every replica sees alike', () => {
    const gauges = /\b(?:sum|count|avg)(?: by \([^)]*\))? \(?token_deployer_(?:queue_|account_|chain_|lane_)/;
    expect(alerts).not.toMatch(gauges);
    expect(dashboard).not.toMatch(gauges);
  });
});

it('docs/alertmanager.yaml names existing alerts, only', async () => {
  const example = await readFile('docs/alertmanager.yaml', 'utf8');
  const patterns = Array.from(
    example.matchAll(/alertname (?:=~ "([^"]+)"|!?= (\w+))/g),
    ([, some, one]) => some ?? one ?? '',
  );
  const suffixes = patterns.flatMap(
    (pattern) =>
      /\((.+)\)/
        .exec(pattern)?.[1]
        ?.split('|')
        .map((name) => `TokenDeployer${name}`) ?? pattern,
  );
  expect(suffixes.length).toBeGreaterThan(20);
  for (const name of suffixes) expect(alertNames().some((alert) => new RegExp(`^${name}$`).test(alert))).toBe(true);
});

describe('the runbooks', () => {
  it('are one for each alert, with meaning, diagnosis and mitigation, and use existing metrics', async () => {
    const pages = (await readdir(RUNBOOKS)).filter((name) => name !== 'README.md');
    expect(pages.toSorted()).toEqual(alertNames().map(runbookOf).toSorted());
    for (const page of pages) {
      const text = await readFile(`${RUNBOOKS}/${page}`, 'utf8');
      const alert = alertNames().find((name) => runbookOf(name) === page) ?? '';
      expect(text.startsWith(`# ${alert}\n`)).toBe(true);
      for (const part of ['Meaning', 'Diagnose', 'Mitigate']) expect(text).toContain(`\n## ${part}\n`);
      expect(unknownMetricUses(metricUses(text), exported)).toEqual([]);
    }
  });

  it.each([
    ['consumer-held.md', HOLD_REASONS],
    ['dead-letters.md', DEAD_LETTER_REASONS],
    ['nonce-gap.md', SEND_RESULTS],
  ])('say in %s what to do about each reason or answer', async (page, reasons) => {
    const rows = (await readFile(`${RUNBOOKS}/${page}`, 'utf8')).matchAll(/^\| (`.*?) +\|/gm);
    const explained = [...rows].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
    expect(new Set(explained)).toEqual(new Set<string>(reasons));
  });

  it('are listed in their index', async () => {
    const index = await readFile(`${RUNBOOKS}/README.md`, 'utf8');
    for (const alert of alertNames()) expect(index).toContain(`[${alert}](${runbookOf(alert)})`);
  });
});

describe('the dashboard', () => {
  it('is what its definition makes', async () => {
    // `npm run docs:dashboard` writes it.
    expect(dashboard).toBe(await dashboardText());
  });

  it('names only metrics and label values that the service exports', () => {
    const { expressions, variables } = dashboardQueries(dashboard);
    expect(expressions.length).toBeGreaterThan(50);
    expect(variables.length).toBe(2);
    for (const query of [...expressions, ...variables]) expect(metricUses(query)).not.toEqual([]);
    expect(unknownMetricUses(metricUses([...expressions, ...variables].join('\n')), exported)).toEqual([]);
  });

  it('shows every metric that the service sets itself', () => {
    const shown = new Set(metricUses(dashboard).map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    const own = [...exported.keys()].filter((name) => !/_(process|nodejs)_|_(bucket|sum|count)$/.test(name));
    expect(own.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('has no panel over another and every id once', () => {
    interface Panel {
      id: number;
      gridPos: { x: number; y: number; w: number; h: number };
    }
    const { panels } = JSON.parse(dashboard) as { panels: Panel[] };
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('leaves no variable of Grafana in what Prometheus gets', () => {
    for (const expression of dashboardQueries(dashboard).expressions) {
      expect(expandVariables(expression)).not.toContain('$');
    }
  });
});

describe('untrueUses', () => {
  it.each([
    ['token_deployer_no_such_metric > 0', 'token_deployer_no_such_metric is not exported'],
    ['token_deployer_queue_messages{queue="main"}', 'token_deployer_queue_messages has no queue "main"'],
    ['token_deployer_queue_messages{queue=~"delayed|dlq"}', 'token_deployer_queue_messages has no queue "dlq"'],
    ['token_deployer_queue_messages{name="delayed"}', 'token_deployer_queue_messages has no label name'],
    ['token_deployer_message_age_seconds', 'token_deployer_message_age_seconds is not exported'],
  ])('finds what is wrong in %s', (expression, complaint) => {
    expect(unknownMetricUses(metricUses(expression), exported)).toEqual([complaint]);
  });

  it('believes what is true, and labels of which nothing is known yet', () => {
    const good =
      'rate(token_deployer_message_age_seconds_bucket{namespace="x"}[5m]) token_deployer_account_nonce{kind="latest"}';
    expect(unknownMetricUses(metricUses(good), exported)).toEqual([]);
  });
});
