import { type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { SimulatedGas } from '../simulated-gas.js';

/** Result of a simulated call. */
export interface SimulatedCall<T> {
  /** Decoded return data. */
  readonly result: T;
  /** Gas of the call. Null when it must be estimated. */
  readonly gas: bigint | null;
}

/** Simulates a call with `eth_simulateV1` when its gas equals the estimate, else with `eth_call`. */
export class CallSimulator {
  private readonly simulatedGas: SimulatedGas;

  constructor(private readonly reader: ChainReader) {
    this.simulatedGas = new SimulatedGas(reader);
  }

  /**
   * @param decode decodes the return data; an answer that it throws for counts as unreadable
   * @throws RpcError with the revert data when the call reverts; RpcUnavailableError
   */
  async simulate<T>(call: CallRequest, decode: (returnData: string) => T): Promise<SimulatedCall<T>> {
    const simulated = (await this.simulatedGas.isTrusted(call)) ? await this.trySimulate(call, decode) : null;
    return simulated ?? { result: await this.reader.view(call, decode), gas: null };
  }

  /** Returns null when the current node does not support the method, unlike the one before. */
  private async trySimulate<T>(call: CallRequest, decode: (returnData: string) => T): Promise<SimulatedCall<T> | null> {
    try {
      const { result, gasUsed } = await this.reader.simulate(call, decode);
      return { result, gas: gasUsed };
    } catch (error) {
      if (error instanceof RpcError && error.data !== null) throw error;
      this.simulatedGas.distrust(error);
      return null;
    }
  }
}
