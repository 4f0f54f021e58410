import { setTimeout as delay } from 'node:timers/promises';
import { metric } from '../../../test/support/telemetry/read-metric.js';
import type { ServiceProcess } from '../../../test/support/process/service-process.js';
import { until } from '../../../test/support/until.js';
import type { Benchmark, BenchmarkResult } from '../benchmark.js';
import { Disposables } from '../disposables.js';
import { benchMessages } from '../messages.js';
import { push, QUEUE } from '../producer.js';
import { median } from '../statistics.js';
import { startBenchEnvironment } from '../bench-environment.js';

const WAITING = 1_000_000;
/** The default of MAX_MESSAGES_IN_FLIGHT. */
const IN_FLIGHT = 5_000;
/** How often its memory is looked at, once a second, when the service holds all that it may. */
const MEASUREMENTS = 15;
const MEGABYTE = 1_000_000;

/** What the service needs before it does anything, and while it is as full as it gets. */
export class FootprintBenchmark implements Benchmark {
  readonly title = 'footprint: 1,000,000 messages waiting, 5,000 in flight';
  readonly runs = 3;

  async run(): Promise<BenchmarkResult> {
    return await Disposables.use(async (closing) => {
      const { redis, anvil, service } = await startBenchEnvironment(closing);
      const bootSeconds = await boot(service);
      const idle = await residentMemory(service);
      await anvil.request('evm_setAutomine', [false]);
      await push(redis, benchMessages('model', WAITING + IN_FLIGHT));
      const processing = async (): Promise<boolean> => (await redis.llen(`${QUEUE}:processing`)) === IN_FLIGHT;
      await until('the service to be full', processing, { timeoutMs: 120_000 });
      const memory: number[] = [];
      for (let look = 0; look < MEASUREMENTS; look += 1) {
        await delay(1_000);
        memory.push(await residentMemory(service));
      }
      return {
        figures: [
          { name: 'start of the process to ready', unit: 's', value: bootSeconds, goal: { atMost: 2 } },
          { name: 'resident memory, full', unit: 'MB', value: median(memory), goal: { atMost: 200 } },
          { name: 'resident memory, full, most', unit: 'MB', value: Math.max(...memory) },
          { name: 'resident memory, just started', unit: 'MB', value: idle },
        ],
        remarks: ['The node mines nothing, so that what the service has claimed stays in flight.'],
      };
    });
  }
}

async function boot(service: ServiceProcess): Promise<number> {
  const start = performance.now();
  service.launch();
  const ready = async (): Promise<boolean> => (await service.request('GET', '/health/ready')).status === 200;
  await until('the service to be ready', ready, { everyMs: 5 });
  return (performance.now() - start) / 1_000;
}

async function residentMemory(service: ServiceProcess): Promise<number> {
  return (await metric(service, 'process_resident_memory_bytes')) / MEGABYTE;
}
