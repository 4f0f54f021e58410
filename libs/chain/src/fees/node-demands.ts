import { Injectable } from '@nestjs/common';
import type { MinimumPrice } from '../rpc/pool/send-demand.js';

/** Time until a demand expires: another node may demand less. */
const TTL_MS = 600_000;

interface Demand {
  readonly value: bigint;
  readonly until: number;
}

/** Stores the minimum fees and the cost and gas limits that nodes named when they refused transactions. */
@Injectable()
export class NodeDemands {
  private readonly demands = new Map<string, Demand>();

  /** Wei per gas. 0 while no node demands a minimum. */
  get minimumTip(): bigint {
    return this.read('tip') ?? 0n;
  }

  /** Wei per gas, tip included. 0 while no node demands a minimum. */
  get minimumPrice(): bigint {
    return this.read('price') ?? 0n;
  }

  /** Maximum cost of a transaction in wei. Null while no node has refused one for its cost. */
  get costLimit(): bigint | null {
    return this.read('cost');
  }

  /** Maximum gas limit of a transaction. Null while no node has refused one for its gas limit. */
  get gasCap(): bigint | null {
    return this.read('gas');
  }

  requireMinimum({ kind, wei }: MinimumPrice): void {
    this.write(kind, wei);
  }

  limitCost(wei: bigint): void {
    this.write('cost', wei);
  }

  limitGas(gas: bigint): void {
    this.write('gas', gas);
  }

  private read(name: string): bigint | null {
    const demand = this.demands.get(name);
    return demand !== undefined && demand.until > performance.now() ? demand.value : null;
  }

  private write(name: string, value: bigint): void {
    this.demands.set(name, { value, until: performance.now() + TTL_MS });
  }
}
