import { Injectable } from '@nestjs/common';
import { Interface } from 'ethers';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc.errors.js';

/** Predeployed gas price oracles: of the OP stack, and of Scroll. */
const ORACLES = ['0x420000000000000000000000000000000000000F', '0x5300000000000000000000000000000000000002'] as const;
/** Nonce, fees, recipient and signature: as many bytes as no compression shortens. */
const ENVELOPE = 'ff'.repeat(140);
const oracleInterface = new Interface(['function getL1Fee(bytes data) view returns (uint256)']);

/** Estimates what a rollup charges for the bytes of a transaction on L1, on top of gas. */
@Injectable()
export class DataFeeEstimator {
  /** Null: the chain has no oracle. Undefined: not known yet. */
  private oracle: string | null | undefined;

  constructor(private readonly reader: ChainReader) {}

  /**
   * Returns wei; zero on a chain that has no oracle.
   *
   * @param pending signed transactions to include; their fees are in proportion to their sizes, as those of one lane are alike
   * @throws RpcUnavailableError
   */
  async estimate(callData: string, pending: readonly string[] = []): Promise<bigint> {
    if (this.oracle === undefined) this.oracle = await this.findOracle();
    if (this.oracle === null) return 0n;
    const data = oracleInterface.encodeFunctionData('getL1Fee', [callData + ENVELOPE]);
    try {
      const fee = await this.reader.view({ to: this.oracle, data }, (returnData) => BigInt(returnData));
      const length = callData.length + ENVELOPE.length;
      const wholeLength = pending.reduce((sum, raw) => sum + raw.length, length);
      return (fee * BigInt(wholeLength)) / BigInt(length);
    } catch (error) {
      // Another contract stands at that address.
      if (error instanceof RpcError) return 0n;
      throw error;
    }
  }

  private async findOracle(): Promise<string | null> {
    const codes = await Promise.all(ORACLES.map((oracle) => this.reader.code(oracle)));
    return ORACLES.find((_, index) => codes[index] !== '0x') ?? null;
  }
}
