import { Injectable } from '@nestjs/common';
import { formatUnits } from 'ethers';
import { type Attempt, HoldError } from '#core';
import { ChainConfig } from '#config';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc.errors.js';

/** Wei per gas. A legacy fee has one price, in both fields. */
export interface Fee {
  readonly kind: 'eip1559' | 'legacy';
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

const HISTORY_BLOCKS = 5;

/** What a transaction should offer now, never above the configured cap and never below the base fee. */
@Injectable()
export class FeeEstimator {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: ChainConfig,
  ) {}

  /** @throws HoldError when the market is above the cap */
  async estimate(baseFeePerGas: bigint | null): Promise<Fee> {
    const cap = this.config.maxFeePerGas;
    if (baseFeePerGas === null) return requireWithinCap(legacy(await this.reader.gasPrice()), cap);
    const tip = await this.tip();
    const needed = baseFeePerGas + tip;
    // Twice the base fee outlasts six full blocks in a row (EIP-1559 raises it by 12.5 % a block).
    const wanted = baseFeePerGas * 2n + tip;
    if (needed > cap) throw aboveCapError(needed, cap);
    return { kind: 'eip1559', maxFeePerGas: wanted < cap ? wanted : cap, maxPriorityFeePerGas: tip };
  }

  /**
   * What a replacement of `attempt` must offer: for both caps the larger of the market and 12.5 % + 1 wei more, which
   * satisfies the replacement rule of every client (geth, erigon, reth and nethermind ask for 10 %, besu likewise).
   *
   * @throws HoldError when that is above the cap
   */
  async estimateReplacement(attempt: Attempt, kind: Fee['kind'], baseFeePerGas: bigint | null): Promise<Fee> {
    const market = await this.estimate(baseFeePerGas);
    const maxFeePerGas = max(market.maxFeePerGas, bumped(attempt.maxFeePerGas));
    const maxPriorityFeePerGas = max(market.maxPriorityFeePerGas, bumped(attempt.maxPriorityFeePerGas));
    const fee = kind === 'legacy' ? legacy(maxFeePerGas) : { kind, maxFeePerGas, maxPriorityFeePerGas };
    return requireWithinCap(fee, this.config.maxFeePerGas);
  }

  private async tip(): Promise<bigint> {
    const ceiling = this.config.maxPriorityFeePerGas;
    const tips = await this.recentTips();
    const median = tips.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(tips.length / 2)] ?? ceiling;
    // A tip of zero is refused by geth's default pool (txpool.pricelimit is 1 wei).
    return median < 1n ? 1n : median > ceiling ? ceiling : median;
  }

  private async recentTips(): Promise<readonly bigint[]> {
    try {
      return await this.reader.recentTips(HISTORY_BLOCKS);
    } catch (error) {
      if (error instanceof RpcError) return [];
      throw error;
    }
  }
}

function legacy(price: bigint): Fee {
  return { kind: 'legacy', maxFeePerGas: price, maxPriorityFeePerGas: price };
}

function requireWithinCap(fee: Fee, cap: bigint): Fee {
  if (fee.maxFeePerGas > cap) throw aboveCapError(fee.maxFeePerGas, cap);
  return fee;
}

function aboveCapError(needed: bigint, cap: bigint): HoldError {
  return new HoldError('fee_above_cap', `gas costs ${gwei(needed)} gwei, the cap is ${gwei(cap)} gwei`);
}

function bumped(fee: bigint): bigint {
  return fee + fee / 8n + 1n;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function gwei(wei: bigint): string {
  return formatUnits(wei, 'gwei');
}
