import type { CallRequest, ChainReader } from '../rpc/chain-reader.js';
import { isRpcFailure, RpcError } from '../rpc/rpc.errors.js';

/** Time until the node's gas results are verified again. */
const TRUST_TTL_MS = 600_000;
/** Time until a simulation is tried again after the node did not answer. */
const RETRY_AFTER_MS = 60_000;

/**
 * Whether the gas of `eth_simulateV1` equals an estimate. An estimate bisects and costs a node several times as much. Some
 * chains charge for more than execution, so the comparison is repeated every ten minutes.
 */
export class SimulatedGas {
  private trust: { readonly trusted: boolean; readonly until: number } = { trusted: false, until: 0 };

  constructor(private readonly reader: ChainReader) {}

  /** @param call is simulated and estimated when the comparison is due */
  async isTrusted(call: CallRequest): Promise<boolean> {
    if (performance.now() >= this.trust.until) await this.compare(call);
    return this.trust.trusted;
  }

  /** Uses estimates for a while. @throws the error unless RPC failed */
  distrust(error: unknown): void {
    if (!isRpcFailure(error)) throw error;
    const ttlMs = error instanceof RpcError ? TRUST_TTL_MS : RETRY_AFTER_MS;
    this.trust = { trusted: false, until: performance.now() + ttlMs };
  }

  private async compare(call: CallRequest): Promise<void> {
    try {
      const [{ gasUsed }, estimate] = await Promise.all([
        this.reader.simulate(call, (returnData) => returnData),
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
}
