/** PromQL over the deployment that the dashboard's variables choose. Names go without the service's prefix. */

const CHOSEN = 'namespace=~"$namespace",job=~"$job"';

/** @param matchers further ones, such as `queue="processing"` */
export function series(metric: string, matchers = ''): string {
  return `token_deployer_${metric}{${CHOSEN}${matchers === '' ? '' : `,${matchers}`}}`;
}

/** What every replica shows alike: the largest, never the sum. */
export function shared(metric: string, by = '', matchers = ''): string {
  return `max${grouped(by)}(${series(metric, matchers)})`;
}

/** What the replicas show of themselves, added up. */
export function summed(metric: string, by = '', matchers = ''): string {
  return `sum${grouped(by)}(${series(metric, matchers)})`;
}

/** Per second. */
export function rate(counter: string, by = '', matchers = ''): string {
  return `sum${grouped(by)}(rate(${series(counter, matchers)}[$__rate_interval]))`;
}

/** Over the time that the dashboard shows. */
export function increase(counter: string, by = '', matchers = ''): string {
  return `sum${grouped(by)}(increase(${series(counter, matchers)}[$__range]))`;
}

export function quantile(share: number, histogram: string, by = '', matchers = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, labels, matchers)})`;
}

export function mean(histogram: string, by = '', matchers = ''): string {
  return `${rate(`${histogram}_sum`, by, matchers)} / ${rate(`${histogram}_count`, by, matchers)}`;
}

function grouped(by: string): string {
  return by === '' ? ' ' : ` by (${by}) `;
}
