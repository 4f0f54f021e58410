import { availableParallelism, loadavg } from 'node:os';
import { ANVIL_ACCOUNTS } from '../../../test/support/chain/anvil.js';
import { platformMessage } from '../../../test/support/fixtures/platform-message.fixture.js';
import { TokenManagerContracts } from '../../../test/support/chain/token-manager-contracts.js';
import type { Benchmark, Figure, BenchmarkResult } from '../benchmark.js';
import { Disposables } from '../disposables.js';
import type { Registry } from '../options.js';
import { median } from '../statistics.js';
import { startBenchEnvironment } from '../bench-environment.js';
import { backlogOf } from './backlog.js';
import { type BlockCapacity, blockCapacities } from './block-capacity.js';
import type { DeployOptions } from './deploy-benchmark.js';
import { miningArgs } from './mining-args.js';
import { isSettled, push } from '../producer.js';
import { measureTime, TIMEOUT } from './service-run.js';
import { until } from '../../../test/support/until.js';

/** A foreign address: as on mainnet, the service does not own the registry. */
const GOVERNANCE = '0x000000000000000000000000000000000000dEaD';
const [FIRST_KEY] = ANVIL_ACCOUNTS;
/**
 * Like geth among equal tips, a block takes what came first. By itself anvil prefers the highest `maxFeePerGas`: the newest, while
 * full blocks raise the base fee.
 */
const IN_ORDER = ['--order', 'fifo'];

export interface TokenManagerBenchmarkOptions extends DeployOptions {
  /** Whose the registry is: `own`, the first key's. */
  readonly registry: Registry;
}

/** How full the service makes blocks with deployments by the TokenManager, one transaction of some 3.9 million gas for each. */
export class TokenManagerBenchmark implements Benchmark {
  readonly title: string;
  readonly runs = 1;

  constructor(private readonly options: TokenManagerBenchmarkOptions) {
    const { messages, block, keys, registry } = options;
    const lanes = `${keys} ${keys === 1 ? 'key' : 'keys'}`;
    this.title = `deploy by the TokenManager: ${messages} messages, a block every ${block} s, ${registry} registry, ${lanes}`;
  }

  async run(): Promise<BenchmarkResult> {
    const { messages, block, keys, registry } = this.options;
    return await Disposables.use(async (closing) => {
      const here = await startBenchEnvironment(closing, {
        anvilArgs: [...miningArgs(block), ...IN_ORDER],
        keys,
      });
      const contracts = await TokenManagerContracts.deploy(
        here.anvil,
        registry === 'own' ? FIRST_KEY.address : GOVERNANCE,
      );
      closing.add(() => contracts.close());
      await here.service.start(contracts.environment);
      const [first = '', ...others] = modelsOf(messages + 1);
      await push(here.redis, [first]);
      await until('the first token', () => isSettled(here.redis, 1), TIMEOUT);
      const run = await measureTime(here, others, 1);
      const rooms = blockCapacities(run.blocks, contracts, run.backlogSince);
      return {
        figures: [
          { name: 'settled', unit: 'tokens/s', value: messages / run.seconds },
          ...shares(rooms),
          ...(registry === 'own' ? pairShares(rooms) : []),
          { name: 'processor time of the service', unit: 's', value: run.cpuSeconds },
        ],
        remarks: [
          ...rooms.map(describeBlock),
          'possible: what the gas limit leaves beside the registrations in the block, by the gas of a deployment',
          `stand-ins for the live contracts (test/support/contracts); load of the machine ${loadOfMachine()}`,
        ],
      };
    });
  }
}

/** Of the blocks that could have been full. */
export function shares(rooms: readonly BlockCapacity[]): readonly Figure[] {
  if (rooms.length === 0) return [backlogOf(rooms)];
  const inPercent = rooms.map(({ deployments, possible }) => (100 * deployments) / possible);
  const name = 'deployments of those that its gas allows';
  return [
    backlogOf(rooms),
    { name: 'deployments in such a block, median', unit: '', value: median(rooms.map((room) => room.deployments)) },
    { name: 'registrations in such a block, median', unit: '', value: median(rooms.map((room) => room.registrations)) },
    { name: `${name}, median`, unit: '%', value: median(inPercent), goal: { atLeast: 90 } },
    { name: `${name}, least`, unit: '%', value: Math.min(...inPercent), goal: { atLeast: 90 } },
  ];
}

/** Of the blocks that could hold registrations: all but the first. */
export function pairShares(rooms: readonly BlockCapacity[]): readonly Figure[] {
  const counted = rooms.slice(1);
  if (counted.length === 0) return [];
  const sum = (value: (room: BlockCapacity) => number): number =>
    counted.reduce((total, room) => total + value(room), 0);
  const pairs = Math.min(
    sum(({ deployments }) => deployments),
    sum(({ registrations }) => registrations),
  );
  const value = (100 * pairs) / sum(({ possiblePairs }) => possiblePairs);
  return [
    { name: 'pairs (deploy and register) of those that the gas allows', unit: '%', value, goal: { atLeast: 90 } },
  ];
}

function describeBlock({ number, deployments, registrations, gasUsed, gasLimit, possible }: BlockCapacity): string {
  const gas = `${(gasUsed / 1e6).toFixed(1)} of ${gasLimit / 1e6} million gas`;
  const share = `${deployments} of ${possible} possible deployments (${Math.round((100 * deployments) / possible)} %)`;
  return `block ${number}: ${share}, ${registrations} registrations, ${gas}`;
}

function loadOfMachine(): string {
  return `${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`;
}

function modelsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => platformMessage({ model_id: String(1_000_001 + index) }));
}
