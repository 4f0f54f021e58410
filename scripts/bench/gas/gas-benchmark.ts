import { encodeDeploy, encodeDeployBatch } from '#contracts';
import { Anvil, ANVIL_ACCOUNTS } from '../../../test/support/chain/anvil.js';
import { deployContracts } from '../../../test/support/chain/deploy-contracts.js';
import { until } from '../../../test/support/until.js';
import type { Benchmark, Bound, Figure, BenchmarkResult } from '../benchmark.js';
import { getMember, parseQuantity } from '../chain-reads.js';
import { Disposables } from '../disposables.js';
import { deployerKeys } from '../bench-environment.js';
import { referenceDeployment } from './reference-deployment.js';

const BATCHES: readonly { readonly size: number; readonly goal?: Bound }[] = [
  { size: 10 },
  { size: 50, goal: { atMost: 75_000 } },
  { size: 100 },
];

/** What a token costs, from the receipts of real transactions. */
export class GasBenchmark implements Benchmark {
  readonly title =
    'gas: a token of the reference record (model id 23 bytes, symbol 7, metric 8, run id 32, contributor set)';
  /** The same calls cost the same gas. */
  readonly runs = 1;

  async run(): Promise<BenchmarkResult> {
    return await Disposables.use(async (closing) => {
      const anvil = await Anvil.start();
      closing.add(() => anvil.stop());
      const factory = await deployContracts(anvil, deployerKeys(1));
      const single = referenceDeployment('single', 0);
      const gasOf = async (data: string): Promise<number> => await gasUsed(anvil, factory, data);
      const figures: Figure[] = [
        figure('alone', await gasOf(encodeDeploy(single)), { atMost: 95_000 }),
        figure('the same record again', await gasOf(encodeDeploy(single))),
      ];
      for (const { size, goal } of BATCHES) {
        const batch = Array.from({ length: size }, (_, n) => referenceDeployment(`batch-${size}`, n));
        figures.push(figure(`each of a batch of ${size}`, (await gasOf(encodeDeployBatch(batch))) / size, goal));
      }
      return { figures };
    });
  }
}

function figure(name: string, value: number, goal?: Bound): Figure {
  return { name, unit: 'gas', value, ...(goal === undefined ? {} : { goal }) };
}

async function gasUsed(anvil: Anvil, to: string, data: string): Promise<number> {
  const [{ address: from }] = ANVIL_ACCOUNTS;
  const hash = await anvil.request('eth_sendTransaction', [{ from, to, data, gas: '0x1000000' }]);
  const receipt = await until('the receipt', () => anvil.request('eth_getTransactionReceipt', [hash]));
  if (getMember(receipt, 'status') !== '0x1') throw new Error('a deployment failed');
  return parseQuantity(getMember(receipt, 'gasUsed'));
}
