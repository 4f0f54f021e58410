import { guideMessage } from '../../../test/support/guide-message.js';
import { ManagedContracts } from '../../../test/support/managed-contracts.js';
import type { Benchmark, Findings } from '../benchmark.js';
import { Closing } from '../closing.js';
import { median } from '../statistics.js';
import { surroundings } from '../surroundings.js';
import { deploymentsInBlocks } from './block-room.js';
import type { DeployOptions } from './deploy-benchmark.js';
import { miningArgs } from './mining.js';
import { clocked } from './service-run.js';

/** Nobody of ours: as on mainnet, the registry is somebody else's. */
const GOVERNANCE = '0x000000000000000000000000000000000000dEaD';

/** How full the service makes blocks with deployments by the TokenManager, one transaction of some 3.9 million gas for each. */
export class ManagedBenchmark implements Benchmark {
  readonly title: string;
  readonly runs = 1;

  constructor(private readonly options: DeployOptions) {
    const { messages, block, keys } = options;
    this.title = `deploy by the TokenManager: ${messages} messages, a block every ${block} s, ${keys} ${keys === 1 ? 'key' : 'keys'}`;
  }

  async run(): Promise<Findings> {
    const { messages, block, keys } = this.options;
    return await Closing.around(async (closing) => {
      const here = await surroundings(closing, { anvilArgs: miningArgs(block), keys });
      const contracts = await ManagedContracts.deploy(here.anvil, GOVERNANCE);
      closing.add(() => contracts.close());
      await here.service.start(contracts.environment);
      const run = await clocked(here, modelsOf(messages), 0);
      const { counts, allowed } = deploymentsInBlocks(run.blocks, contracts.manager, run.backlogSince);
      const shares = counts.map((count) => (100 * count) / allowed);
      return {
        figures: [
          { name: 'deployed', unit: 'tokens/s', value: messages / run.seconds },
          { name: 'deployments that the gas of a block allows', unit: '', value: allowed },
          { name: 'blocks with a backlog', unit: '', value: counts.length },
          ...(counts.length === 0
            ? []
            : [
                { name: 'deployments in such a block, median', unit: '', value: median(counts) },
                {
                  name: 'share of what its gas allows, median',
                  unit: '%',
                  value: median(shares),
                  wanted: { atLeast: 90 },
                },
                { name: 'share of what its gas allows, least', unit: '%', value: Math.min(...shares) },
              ]),
          { name: 'processor time of the service', unit: 's', value: run.cpuSeconds },
        ],
        remarks: ['stand-ins for the live contracts (test/support/contracts); the registry is left to governance'],
      };
    });
  }
}

function modelsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => guideMessage({ model_id: String(1_000_001 + index) }));
}
