/** One panel, in the words of this dashboard; `dashboard.ts` says it in Grafana's. */
export interface Panel {
  readonly kind: 'timeseries' | 'stat';
  readonly title: string;
  /** https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit */
  readonly unit: string;
  readonly description: string;
  readonly queries: readonly Query[];
}

/** An expression and the legend of its series. */
export type Query = readonly [expression: string, legend: string];

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export function graph(title: string, unit: string, description: string, ...queries: readonly Query[]): Panel {
  return { kind: 'timeseries', title, unit, description, queries };
}

export function stat(title: string, unit: string, description: string, ...queries: readonly Query[]): Panel {
  return { kind: 'stat', title, unit, description, queries };
}
