import { type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';

/** How long what was found out about the node is believed. */
const TRUST_TTL_MS = 600_000;
/** The same for a node that did not answer: it may be back soon. */
const RETRY_AFTER_MS = 60_000;

/** What a call would do now. */
export interface SimulatedCall<T> {
  /** The decoded return data. */
  readonly result: T;
  /** Gas that it needs; null when the node must be asked for an estimate of its own. */
  readonly gas: bigint | null;
}

/**
 * Runs a call without sending it. An estimate costs a node ten times as much as a call, because it searches by
 * bisection; where the gas that a simulated call used is what the estimate says, it is not asked for again. Not every chain
 * charges only for execution, so that is found out, and found out anew every ten minutes.
 */
export class CallSimulator {
  private trust: { readonly trusted: boolean; readonly until: number } = { trusted: false, until: 0 };

  constructor(private readonly reader: ChainReader) {}

  /**
   * @param decode of the return data; where it throws, the answer counts as unreadable
   * @throws RpcError with the revert data when the call reverts; RpcUnavailableError
   */
  async simulate<T>(call: CallRequest, decode: (returnData: string) => T): Promise<SimulatedCall<T>> {
    if (performance.now() >= this.trust.until) await this.checkGasTrust(call, decode);
    const simulated = this.trust.trusted ? await this.trySimulate(call, decode) : null;
    return simulated ?? { result: await this.reader.view(call, decode), gas: null };
  }

  /** Null when the node that is asked now cannot do it, unlike the one before. */
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
      // An estimate ends its search a little above the least that suffices (geth: 1.5 %).
      const trusted = gasUsed * 100n >= estimate * 98n && gasUsed * 98n <= estimate * 100n;
      this.trust = { trusted, until: performance.now() + TRUST_TTL_MS };
    } catch (error) {
      // A call that reverts proves nothing: the next one will.
      if (!(error instanceof RpcError) || error.data === null) this.distrust(error);
    }
  }

  /** @throws what is no failure of a node */
  private distrust(error: unknown): void {
    if (!(error instanceof RpcError) && !(error instanceof RpcUnavailableError)) throw error;
    const believedMs = error instanceof RpcError ? TRUST_TTL_MS : RETRY_AFTER_MS;
    this.trust = { trusted: false, until: performance.now() + believedMs };
  }
}
