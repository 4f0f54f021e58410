import { encodeDeploy, encodeDeployBatch } from '#contracts';
import { Anvil, ANVIL_ACCOUNTS } from '../../../test/support/anvil.js';
import { deployContracts } from '../../../test/support/contracts.js';
import { until } from '../../../test/support/until.js';
import type { Benchmark, Bound, Figure, Findings } from '../benchmark.js';
import { member, quantity } from '../chain-reads.js';
import { Closing } from '../closing.js';
import { deployerKeys } from '../surroundings.js';
import { referenceDeployment } from './reference.js';

const BATCHES: readonly { readonly size: number; readonly wanted?: Bound }[] = [
  { size: 10 },
  { size: 50, wanted: { atMost: 75_000 } },
  { size: 100 },
];

/** What a token costs, from the receipts of real transactions. */
export class GasBenchmark implements Benchmark {
  readonly title =
    'gas: a token of the reference record (model id 23 bytes, symbol 7, metric 8, run id 32, contributor set)';
  /** The same calls cost the same gas. */
  readonly runs = 1;

  async run(): Promise<Findings> {
    return await Closing.around(async (closing) => {
      const anvil = await Anvil.start();
      closing.add(() => anvil.stop());
      const factory = await deployContracts(anvil, deployerKeys(1));
      const single = referenceDeployment('single', 0);
      const gasOf = async (data: string): Promise<number> => await gasUsed(anvil, factory, data);
      const figures: Figure[] = [
        figure('alone', await gasOf(encodeDeploy(single)), { atMost: 95_000 }),
        figure('the same record again', await gasOf(encodeDeploy(single))),
      ];
      for (const { size, wanted } of BATCHES) {
        const batch = Array.from({ length: size }, (_, n) => referenceDeployment(`batch-${size}`, n));
        figures.push(figure(`each of a batch of ${size}`, (await gasOf(encodeDeployBatch(batch))) / size, wanted));
      }
      return { figures };
    });
  }
}

function figure(name: string, value: number, wanted?: Bound): Figure {
  return { name, unit: 'gas', value, ...(wanted === undefined ? {} : { wanted }) };
}

async function gasUsed(anvil: Anvil, to: string, data: string): Promise<number> {
  const [{ address: from }] = ANVIL_ACCOUNTS;
  const hash = await anvil.request('eth_sendTransaction', [{ from, to, data, gas: '0x1000000' }]);
  const receipt = await until('the receipt', () => anvil.request('eth_getTransactionReceipt', [hash]));
  if (member(receipt, 'status') !== '0x1') throw new Error('a deployment failed');
  return quantity(member(receipt, 'gasUsed'));
}
