import { type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { isRpcFailure, RpcError } from '../../rpc/rpc.errors.js';

/** Time until the node's gas results are verified again. */
const TRUST_TTL_MS = 600_000;
/** Time until a simulation is tried again after the node did not answer. */
const RETRY_AFTER_MS = 60_000;

/** Result of a simulated call. */
export interface SimulatedCall<T> {
  /** Decoded return data. */
  readonly result: T;
  /** Gas of the call. Null when it must be estimated. */
  readonly gas: bigint | null;
}

/**
 * Simulates a call with `eth_simulateV1` when its gas equals the estimate, else with `eth_call`. An estimate bisects and
 * costs a node ten times as much as a call. Some chains charge for more than execution, so the comparison is repeated every
 * ten minutes.
 */
export class CallSimulator {
  private trust: { readonly trusted: boolean; readonly until: number } = { trusted: false, until: 0 };

  constructor(private readonly reader: ChainReader) {}

  /**
   * @param decode decodes the return data; an answer that it throws for counts as unreadable
   * @throws RpcError with the revert data when the call reverts; RpcUnavailableError
   */
  async simulate<T>(call: CallRequest, decode: (returnData: string) => T): Promise<SimulatedCall<T>> {
    if (performance.now() >= this.trust.until) await this.checkGasTrust(call, decode);
    const simulated = this.trust.trusted ? await this.trySimulate(call, decode) : null;
    return simulated ?? { result: await this.reader.view(call, decode), gas: null };
  }

  /** Returns null when the current node does not support the method, unlike the one before. */
  private async trySimulate<T>(call: CallRequest, decode: (returnData: string) => T): Promise<SimulatedCall<T> | null> {
    try {
      const { result, gasUsed } = await this.reader.simulate(call, decode);
      return { result, gas: gasUsed };
    } catch (error) {
      if (error instanceof RpcError && error.data !== null) throw error;
      this.distrust(error);
      return null;
    }
  }

  private async checkGasTrust(call: CallRequest, decode: (returnData: string) => unknown): Promise<void> {
    try {
      const [{ gasUsed }, estimate] = await Promise.all([
        this.reader.simulate(call, decode),
        this.reader.estimateGas(call),
      ]);
      // An estimate ends its search slightly above the minimum (geth: 1.5 %).
      const trusted = gasUsed * 100n >= estimate * 98n && gasUsed * 98n <= estimate * 100n;
      this.trust = { trusted, until: performance.now() + TRUST_TTL_MS };
    } catch (error) {
      // A reverted call proves nothing; the next call decides.
      if (!(error instanceof RpcError) || error.data === null) this.distrust(error);
    }
  }

  /** Uses estimates for a while. @throws the error unless RPC failed */
  private distrust(error: unknown): void {
    if (!isRpcFailure(error)) throw error;
    const ttlMs = error instanceof RpcError ? TRUST_TTL_MS : RETRY_AFTER_MS;
    this.trust = { trusted: false, until: performance.now() + ttlMs };
  }
}
