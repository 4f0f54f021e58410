import type { ServiceProcess } from '../process/service-process.js';

/** The sum of a metric's samples that carry all the labels; 0 when there is none. */
export async function metric(
  service: ServiceProcess,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { body } = await service.request('GET', '/metrics');
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return String(body)
    .split('\n')
    .filter((line) => line.startsWith(`token_deployer_${name}{`) || line.startsWith(`token_deployer_${name} `))
    .filter((line) => wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
