/** Every expression of the panels of a Grafana dashboard, and every query of its variables. */
export interface DashboardQueries {
  readonly expressions: readonly string[];
  readonly variables: readonly string[];
}

/** @param text JSON of a dashboard */
export function dashboardQueries(text: string): DashboardQueries {
  const dashboard: unknown = JSON.parse(text);
  return { expressions: textsUnder('expr', dashboard), variables: textsUnder('definition', dashboard) };
}

/** The expression with Grafana's variables filled in, as Prometheus gets it. */
export function expandVariables(expression: string): string {
  return expression
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '6h')
    .replaceAll(/\$\{?\w+\}?/g, 'chosen');
}

function textsUnder(key: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]: [string, unknown]) =>
    name === key && typeof inside === 'string' ? [inside] : textsUnder(key, inside),
  );
}
