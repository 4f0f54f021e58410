import { type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';

/** How long what was found out about the node is believed. */
const TRUST_TTL_MS = 600_000;

/** What a call would do now. */
export interface SimulatedCall {
  /** 0x-prefixed return data. */
  readonly result: string;
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

  /** @throws RpcError with the revert data when the call reverts; RpcUnavailableError */
  async simulate(call: CallRequest): Promise<SimulatedCall> {
    if (Date.now() >= this.trust.until) await this.checkGasTrust(call);
    const simulated = this.trust.trusted ? await this.trySimulate(call) : null;
    return simulated ?? { result: await this.reader.call(call), gas: null };
  }

  /** Null when the node that is asked now cannot do it, unlike the one before. */
  private async trySimulate(call: CallRequest): Promise<SimulatedCall | null> {
    try {
      const { result, gasUsed } = await this.reader.simulate(call);
      return { result, gas: gasUsed };
    } catch (error) {
      if (!(error instanceof RpcError) || error.data !== null) throw error;
      this.setTrust(false);
      return null;
    }
  }

  private async checkGasTrust(call: CallRequest): Promise<void> {
    try {
      const [{ gasUsed }, estimate] = await Promise.all([this.reader.simulate(call), this.reader.estimateGas(call)]);
      // An estimate ends its search a little above the least that suffices (geth: 1.5 %).
      this.setTrust(gasUsed * 100n >= estimate * 98n && gasUsed * 98n <= estimate * 100n);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // A call that reverts proves nothing: the next one will.
      if (error.data === null) this.setTrust(false);
    }
  }

  private setTrust(trusted: boolean): void {
    this.trust = { trusted, until: Date.now() + TRUST_TTL_MS };
  }
}
