import { format, resolveConfig } from 'prettier';
import type { Panel, Row } from './panel.js';
import { SYSTEM_ROWS } from './system-rows.js';
import { WORK_ROWS } from './work-rows.js';

/** Columns of Grafana's grid. */
const GRID = 24;
const SHAPES = { timeseries: { w: 8, h: 8 }, stat: { w: 4, h: 4 } } as const;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Of Grafana 11; newer ones migrate it when they load it. */
const SCHEMA_VERSION = 39;

/** The text of dashboard.json, as prettier leaves it. */
export async function dashboardText(): Promise<string> {
  const options = await resolveConfig('dashboard.json', { editorconfig: false });
  return await format(JSON.stringify(dashboard(), null, 2), { ...options, parser: 'json' });
}

function dashboard() {
  return {
    uid: 'token-deployer',
    title: 'Hokusai token deployer',
    description: 'Messages, deployments, cost, chain, Redis and the process itself.',
    tags: ['hokusai', 'token-deployer'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [datasource(), variable('namespace', ''), variable('job', '{namespace=~"$namespace"}')] },
    annotations: { list: [] },
    panels: layOut([...WORK_ROWS, ...SYSTEM_ROWS]),
  };
}

function datasource() {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', refresh: 1 };
}

/** Empty where no series has the label: `=~""` finds those that lack it. */
function variable(label: string, matchers: string) {
  const query = `label_values(token_deployer_build_info${matchers}, ${label})`;
  return {
    name: label,
    label: label[0]?.toUpperCase() + label.slice(1),
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: label },
    refresh: 2,
    sort: 1,
    multi: false,
    includeAll: false,
  };
}

function layOut(rows: readonly Row[]) {
  const panels: object[] = [];
  let top = 0;
  for (const { title, panels: inside } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: GRID, h: 1 },
      panels: [],
    });
    top += 1;
    let left = 0;
    let height = 0;
    for (const panel of inside) {
      const { w, h } = SHAPES[panel.kind];
      if (left + w > GRID) {
        top += height;
        left = 0;
      }
      panels.push(toGrafanaPanel(panel, panels.length + 1, { x: left, y: top, w, h }));
      left += w;
      height = h;
    }
    top += height;
  }
  return panels;
}

function toGrafanaPanel({ kind, title, unit, description, queries }: Panel, id: number, gridPos: object) {
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, ...(kind === 'timeseries' && unit !== 'none' ? { min: 0 } : {}) }, overrides: [] },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, graphMode: 'area', colorMode: 'none' }
        : {
            legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
            tooltip: { mode: 'multi', sort: 'desc' },
          },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: `Q${index + 1}`,
      datasource: DATASOURCE,
      expr,
      legendFormat,
      instant: kind === 'stat',
      range: kind === 'timeseries',
    })),
  };
}
