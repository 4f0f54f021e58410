import type { Benchmark, Figure, BenchmarkResult } from '../benchmark.js';
import type { MinedBlock } from '../chain-reads.js';
import { Disposables } from '../disposables.js';
import type { Block } from '../options.js';
import { median } from '../statistics.js';
import { startBenchEnvironment } from '../bench-environment.js';
import { backlogOf } from './backlog.js';
import { fillWithBacklog } from './block-fill.js';
import { measureNodeCeiling } from './node-ceiling.js';
import { miningArgs } from './mining-args.js';
import { type ServiceRun, runService } from './service-run.js';

const WARM_UP = 300;

export interface DeployOptions {
  readonly messages: number;
  readonly block: Block;
  readonly keys: number;
}

/** From the producer's LPUSH to the settled message, through the service as it is built, beside what the node can do at most. */
export class DeployBenchmark implements Benchmark {
  readonly title: string;
  readonly runs: number;

  constructor(private readonly options: DeployOptions) {
    const { messages, block, keys } = options;
    const blocks = block === 'instant' ? 'instant mining' : `a block every ${block} s`;
    this.title = `deploy: ${messages} messages, ${blocks}, ${keys} ${keys === 1 ? 'key' : 'keys'}`;
    // Every block of such a run is a measurement of its own.
    this.runs = block === '12' ? 1 : 3;
  }

  async run(): Promise<BenchmarkResult> {
    const { messages, block, keys } = this.options;
    const anvilArgs = miningArgs(block);
    const { run, factory } = await Disposables.use(async (closing) => {
      const here = await startBenchEnvironment(closing, { anvilArgs, keys });
      const measured = await runService(here, messages, block === '12' ? 0 : WARM_UP);
      return { run: measured, factory: here.factory.toLowerCase() };
    });
    const calls = run.blocks.flatMap(({ transactions }) => transactions).filter(({ to }) => to === factory);
    const ceiling = await measureNodeCeiling(calls, anvilArgs, keys);
    return {
      figures: [
        ...this.throughput(run, ceiling.seconds),
        ...(block === 'instant' ? [] : fills(run, ceiling.blocks)),
        { name: 'tokens in a transaction', unit: '', value: messages / calls.length },
        { name: 'processor time of the service', unit: 's', value: run.cpuSeconds },
        { name: 'the same for 1,000 messages', unit: 's', value: (1_000 * run.cpuSeconds) / messages },
      ],
      remarks: this.remarks(),
    };
  }

  private throughput(run: ServiceRun, ceilingSeconds: number): readonly Figure[] {
    const { messages, block } = this.options;
    const value = messages / run.seconds;
    const ceiling = messages / ceilingSeconds;
    return [
      { name: 'settled', unit: 'tokens/s', value, ...(block === 'instant' ? { goal: { atLeast: 1_000 } } : {}) },
      { name: 'ceiling: the same calls, signed before', unit: 'tokens/s', value: ceiling },
      { name: 'share of the ceiling', unit: '%', value: (100 * value) / ceiling },
    ];
  }

  private remarks(): readonly string[] {
    const { block } = this.options;
    if (block === 'instant')
      return ['anvil mines at once and every second (--mixed-mining): see scripts/bench/deploy/mining-args.ts'];
    return ['fill: gas used of the gas limit (60 million), of blocks at whose start there was work for a whole one'];
  }
}

function fills({ blocks, backlogSince }: ServiceRun, ceiling: readonly MinedBlock[]): readonly Figure[] {
  const shares = fillWithBacklog(blocks, backlogSince);
  const [firstOfCeiling] = ceiling;
  const ceilingShares = fillWithBacklog(ceiling, (firstOfCeiling?.number ?? 0) + 1);
  return [
    ...(shares.length === 0
      ? []
      : [
          { name: 'fill of a block, median', unit: '%', value: 100 * median(shares), goal: { atLeast: 90 } },
          { name: 'fill of a block, least', unit: '%', value: 100 * Math.min(...shares) },
        ]),
    backlogOf(shares),
    ...(ceilingShares.length === 0
      ? []
      : [{ name: 'ceiling: fill of a block, median', unit: '%', value: 100 * median(ceilingShares) }]),
  ];
}
