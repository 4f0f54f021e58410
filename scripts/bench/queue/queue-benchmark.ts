import { RedisServer } from '../../../test/support/redis/redis-server.js';
import type { Benchmark, Figure, BenchmarkResult } from '../benchmark.js';
import { Disposables } from '../disposables.js';
import { benchMessages } from '../messages.js';
import { installBullMq } from './bullmq.js';
import type { QueueImplementation } from './queue-implementation.js';
import { withoutWork, withParsing } from './service-queue.js';
import { serialLoop } from './serial-loop.js';

/** From claim to settlement, beside others who do the same job. */
export class QueueBenchmark implements Benchmark {
  readonly title = 'queue: messages of 900 bytes, from claim to settlement';
  readonly runs = 3;

  async run(): Promise<BenchmarkResult> {
    return await Disposables.use(async (closing) => {
      const idle = await throughput(withoutWork);
      const parsed = await throughput(withParsing);
      const serial = await throughput(serialLoop);
      const figures: Figure[] = [
        { ...idle, goal: { atLeast: 60_000 } },
        { ...parsed, goal: { atLeast: 25_000 } },
        serial,
      ];
      const bullMq = await installBullMq(closing).catch(() => null);
      if (bullMq === null) {
        return { figures, remarks: ['BullMQ is not in the comparison: npm could not install it.'] };
      }
      const other = await throughput(bullMq);
      const times = { name: 'no work, against BullMQ', unit: 'times', value: idle.value / other.value };
      return {
        figures: [...figures, other, { ...times, goal: { atLeast: 2.5 } }],
        remarks: ['BullMQ was installed into a folder of its own for the run, and removed.'],
      };
    });
  }
}

async function throughput(contender: QueueImplementation): Promise<Figure> {
  return await Disposables.use(async (closing) => {
    const server = await RedisServer.start();
    closing.add(() => server.stop());
    const seconds = await contender.consume(server, [...benchMessages('queue', contender.messages)]);
    return { name: contender.name, unit: '/s', value: contender.messages / seconds };
  });
}
