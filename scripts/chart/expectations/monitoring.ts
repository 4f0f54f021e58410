import { isDeepStrictEqual } from 'node:util';
import { at, entries, list } from '../kubernetes-object.js';
import { enabledAs, type Expectation, fullname, matches, ofKind, type Rendering } from './rendering.js';

export const MONITORING: readonly Expectation[] = [
  {
    description: 'the metrics are scraped at the port of the service',
    check: (rendering) => {
      const values = at(rendering.values, 'serviceMonitor');
      const service = ofKind(rendering, 'Service');
      const endpoint = {
        port: at(service, 'spec', 'ports', 0, 'name'),
        path: '/metrics',
        interval: at(values, 'interval'),
      };
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'ServiceMonitor'),
        (object) =>
          isDeepStrictEqual(at(object, 'spec', 'endpoints'), [endpoint]) &&
          matches(at(object, 'spec', 'selector', 'matchLabels'), at(service, 'metadata', 'labels')) &&
          hasLabels(object, values),
      );
    },
  },
  {
    description: 'every alert of the file is loaded, with a runbook that can be found',
    check: (rendering) => {
      const values = at(rendering.values, 'prometheusRule');
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'PrometheusRule'),
        (object) =>
          isDeepStrictEqual(at(object, 'spec'), {
            groups: alertGroups(rendering, String(at(values, 'runbookBaseUrl'))),
          }) && hasLabels(object, values),
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
          hasLabels(map, values),
      );
    },
  },
];

/** What an operator or a sidecar selects by. */
function hasLabels(object: unknown, values: unknown): boolean {
  return entries(at(values, 'labels')).every(([name, value]) => at(object, 'metadata', 'labels', name) === value);
}

function alertGroups({ alerts }: Rendering, base: string): readonly object[] {
  const withBase = (rule: unknown): object => {
    const annotations = Object.fromEntries(entries(at(rule, 'annotations')));
    return {
      ...Object.fromEntries(entries(rule)),
      annotations: { ...annotations, runbook_url: `${base}${String(annotations['runbook_url'])}` },
    };
  };
  return list(at(alerts, 'groups')).map((group) => ({
    ...Object.fromEntries(entries(group)),
    rules: list(at(group, 'rules')).map((rule) => withBase(rule)),
  }));
}
