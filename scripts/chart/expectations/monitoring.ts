import { isDeepStrictEqual } from 'node:util';
import { at, entries, list } from '../kubernetes-object.js';
import {
  enabledAs,
  type Expectation,
  fullname,
  hasMetadata,
  matches,
  ofKind,
  type Rendering,
  setOrUndefined,
  template,
} from './rendering.js';

const SCRAPE_OPTIONS: ReadonlySet<string> = new Set([
  'interval',
  'scrapeTimeout',
  'honorLabels',
  'relabelings',
  'metricRelabelings',
]);

export const MONITORING: readonly Expectation[] = [
  {
    description: 'the metrics are scraped at the port of the service',
    check: monitor('ServiceMonitor', 'serviceMonitor', 'endpoints', (rendering) => ofKind(rendering, 'Service')),
  },
  {
    description: 'a PodMonitor scrapes the metrics at the port of the pods',
    check: monitor('PodMonitor', 'podMonitor', 'podMetricsEndpoints', template),
  },
  {
    description: 'every alert of the file is loaded, with a runbook that can be found',
    check: (rendering) => {
      const values = at(rendering.values, 'prometheusRule');
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'PrometheusRule'),
        (object) =>
          isDeepStrictEqual(at(object, 'spec'), { groups: alertGroups(rendering, values) }) &&
          hasMetadata(object, values),
      );
    },
  },
  {
    description: 'the dashboard is that of the file',
    check: (rendering) => {
      const values = at(rendering.values, 'dashboard');
      const object = rendering.objects.find(
        ({ body }) => at(body, 'metadata', 'name') === `${String(fullname(rendering))}-dashboard`,
      )?.body;
      return enabledAs(
        at(values, 'enabled'),
        object,
        (map) =>
          isDeepStrictEqual(at(map, 'data'), { 'dashboard.json': rendering.dashboard.trimEnd() }) &&
          hasMetadata(map, values) &&
          at(map, 'metadata', 'annotations', 'grafana_folder') === setOrUndefined(at(values, 'folder')),
      );
    },
  },
];

/** @param target the object whose labels it selects */
function monitor(
  kind: string,
  key: string,
  endpoints: string,
  target: (rendering: Rendering) => unknown,
): (rendering: Rendering) => boolean {
  return (rendering) => {
    const values = at(rendering.values, key);
    const endpoint = Object.fromEntries(
      entries(values).filter(([name, value]) => SCRAPE_OPTIONS.has(name) && setOrUndefined(value) !== undefined),
    );
    return enabledAs(
      at(values, 'enabled'),
      ofKind(rendering, kind),
      (object) =>
        isDeepStrictEqual(at(object, 'spec', endpoints), [{ port: 'http', path: '/metrics', ...endpoint }]) &&
        at(object, 'spec', 'jobLabel') === setOrUndefined(at(values, 'jobLabel')) &&
        matches(at(object, 'spec', 'selector', 'matchLabels'), at(target(rendering), 'metadata', 'labels')) &&
        hasMetadata(object, values),
    );
  };
}

function alertGroups({ alerts }: Rendering, values: unknown): readonly object[] {
  const disabled = list(at(values, 'disabled'));
  const changed = (rule: unknown): object => {
    const [alert, expr] = [String(at(rule, 'alert')), String(at(rule, 'expr'))];
    const threshold = at(values, 'thresholds', alert);
    const annotations = Object.fromEntries(entries(at(rule, 'annotations')));
    const url = `${String(at(values, 'runbookBaseUrl'))}${String(annotations['runbook_url'])}`;
    return {
      ...Object.fromEntries(entries(rule)),
      expr: typeof threshold === 'number' ? expr.replace(/[\d.]+$/, `${threshold}`) : expr,
      labels: {
        ...Object.fromEntries(entries(at(values, 'additionalLabels'))),
        ...Object.fromEntries(entries(at(rule, 'labels'))),
      },
      annotations: { ...annotations, runbook_url: url },
    };
  };
  return list(at(alerts, 'groups')).map((group) => ({
    ...Object.fromEntries(entries(group)),
    rules: list(at(group, 'rules'))
      .filter((rule) => !disabled.includes(at(rule, 'alert')))
      .map((rule) => changed(rule)),
  }));
}
