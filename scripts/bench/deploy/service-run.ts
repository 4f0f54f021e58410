import { metric } from '../../../test/support/telemetry/read-metric.js';
import { until } from '../../../test/support/until.js';
import { blockNumber, blocksAfter, type MinedBlock } from '../chain-reads.js';
import { benchMessages } from '../messages.js';
import { isSettled, push } from '../producer.js';
import type { BenchEnvironment } from '../bench-environment.js';

export const TIMEOUT = { timeoutMs: 600_000, everyMs: 10 };

export interface ServiceRun {
  /** From the first LPUSH until every event is out and every message settled. */
  readonly seconds: number;
  /** Processor time of the service meanwhile. */
  readonly cpuSeconds: number;
  readonly blocks: readonly MinedBlock[];
  /** Number of the first block that began when every message was in the queue. */
  readonly backlogSince: number;
}

/** @param warmUp messages that are deployed before the clock starts: the service is one that has been running for a while */
export async function runService(here: BenchEnvironment, messages: number, warmUp: number): Promise<ServiceRun> {
  const { redis, service } = here;
  await service.start();
  await push(redis, benchMessages('warm', warmUp));
  await until('the warm-up', () => isSettled(redis, warmUp), TIMEOUT);
  return await measureTime(here, [...benchMessages('model', messages)], warmUp);
}

/** @param before events that are out already */
export async function measureTime(
  here: BenchEnvironment,
  prepared: readonly string[],
  before: number,
): Promise<ServiceRun> {
  const { redis, anvil, service } = here;
  const first = await blockNumber(anvil);
  const cpuBefore = await metric(service, 'process_cpu_seconds_total');
  const start = performance.now();
  await push(redis, prepared);
  const backlogSince = (await blockNumber(anvil)) + 2;
  await until('every message', () => isSettled(redis, before + prepared.length), TIMEOUT);
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = (await metric(service, 'process_cpu_seconds_total')) - cpuBefore;
  return { seconds, cpuSeconds, blocks: await blocksAfter(anvil, first), backlogSince };
}
