import { environmentTable } from '#config';

/** One variable that the service reads. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly secret: boolean;
}

/**
 * What the chart sets by itself: the port that the probes know, the time that the grace period depends on, and where it
 * mounts the list of tokens and the keys of the producers.
 */
const SET_BY_CHART: ReadonlySet<string> = new Set([
  'PORT',
  'SHUTDOWN_TIMEOUT',
  'OPS_API_TOKEN_LIST',
  'MESSAGE_KEYS_FILE',
]);

/** Every variable that a user of the chart may set. */
export function chartVariables(): readonly EnvironmentVariable[] {
  const rows = environmentTable().matchAll(/^\| `(\w+)` \|(.*)$/gm);
  return [...rows]
    .map(([, name = '', rest = '']) => ({ name, secret: rest.includes(`\`${name}_FILE\``) }))
    .filter(({ name }) => !SET_BY_CHART.has(name));
}
