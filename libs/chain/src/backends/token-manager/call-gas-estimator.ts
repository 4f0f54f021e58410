import type { CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import type { BatchResult } from '../../rpc/rpc.errors.js';
import { isFailure } from '../../rpc/rpc.errors.js';
import { SimulatedGas } from '../simulated-gas.js';

/** Deployments in one simulated block: together they stay below the gas that geth lets a request use (50 million). */
const CALLS_PER_SIMULATION = 5;

/** Estimates the gas of calls that are alike and do not depend on each other. */
export class CallGasEstimator {
  private readonly simulatedGas: SimulatedGas;

  constructor(private readonly reader: ChainReader) {
    this.simulatedGas = new SimulatedGas(reader);
  }

  /**
   * Returns the gas in the order of the requests, and the error of a call that would revert. Simulates several calls in one
   * request where that gas equals an estimate, and estimates what a simulation does not show to succeed.
   */
  async estimates(requests: readonly CallRequest[]): Promise<readonly BatchResult<bigint>[]> {
    const gas = await this.simulateAll(requests);
    const open = requests.filter((_, index) => gas[index] === undefined);
    const estimates = [...(await this.reader.estimates(open))];
    return requests.flatMap((_, index) => gas[index] ?? estimates.splice(0, 1));
  }

  /** Returns the gas of each call that succeeds, else undefined. */
  private async simulateAll(requests: readonly CallRequest[]): Promise<readonly (bigint | undefined)[]> {
    const [first] = requests;
    if (first === undefined || !(await this.simulatedGas.isTrusted(first))) return [];
    const parts = Array.from({ length: Math.ceil(requests.length / CALLS_PER_SIMULATION) }, (_, index) =>
      requests.slice(index * CALLS_PER_SIMULATION, (index + 1) * CALLS_PER_SIMULATION),
    );
    const gas = await Promise.all(parts.map((part) => this.simulate(part)));
    return gas.flat();
  }

  private async simulate(requests: readonly CallRequest[]): Promise<readonly (bigint | undefined)[]> {
    try {
      const results = await this.reader.simulateAll(requests, (returnData) => returnData);
      return results.map((each) => (isFailure(each) ? undefined : each.gasUsed));
    } catch (error) {
      this.simulatedGas.distrust(error);
      return requests.map(() => undefined);
    }
  }
}
