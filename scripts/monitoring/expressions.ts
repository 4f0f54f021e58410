/** What is said about a metric in some text: its name, and the values that its labels are compared with. */
export interface MetricUse {
  readonly name: string;
  readonly labels: readonly { readonly label: string; readonly values: readonly string[] }[];
}

const USE = /\b(token_deployer_\w+)(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;
/** Set by Prometheus, not by the service. */
const TARGET_LABELS = new Set(['namespace', 'job', 'instance', 'pod']);

/** Every use of a metric of the service in PromQL, or in a text with PromQL in it. */
export function metricUses(text: string): readonly MetricUse[] {
  return [...text.matchAll(USE)].map(([, name = '', matchers = '']) => ({ name, labels: labelsIn(matchers) }));
}

function labelsIn(matchers: string): MetricUse['labels'] {
  return [...matchers.matchAll(MATCHER)]
    .filter(([, label = '']) => !TARGET_LABELS.has(label))
    .map(([, label = '', operator = '', value = '']) => ({
      label,
      values: operator.includes('~') ? value.split('|') : [value],
    }));
}
