import { readFile } from 'node:fs/promises';
import { at } from '../chart/kubernetes-object.js';
import type { ChartTools } from '../chart/tools.js';
import type { Namespace } from './namespace.js';

/**
 * Runs a job of the documentation to its end, by the commands behind it.
 *
 * @param adapt changes its container beyond the image
 * @returns its log
 * @throws Error with the log when it failed
 */
export async function runJob(
  namespace: Namespace,
  tools: ChartTools,
  file: string,
  image: string,
  adapt: (container: unknown) => void,
): Promise<string> {
  const [job] = tools.parseAll(await readFile(file, 'utf8'));
  const container = at(job, 'spec', 'template', 'spec', 'containers', 0);
  set(container, 'image', image);
  adapt(container);
  const name = (await namespace.submit(job, 'create', '--output', 'name')).trim();
  const waited = namespace.kubectl('wait', '--for', 'condition=Complete', '--timeout', '2m', name);
  const failure = await waited.then(
    () => null,
    (error: unknown) => error,
  );
  const log = await namespace.kubectl('logs', name);
  if (failure !== null) throw new Error(`${file} did not come to its end:\n${log}`, { cause: failure });
  return log;
}

/** @throws Error when there is nothing that could hold the key */
export function set(target: unknown, key: string, value: unknown): void {
  if (typeof target !== 'object' || target === null) throw new Error(`the job has no place for ${key}`);
  Reflect.set(target, key, value);
}
