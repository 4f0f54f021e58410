import { Injectable } from '@nestjs/common';
import type { MinimumPrice } from '../rpc/pool/send-demand.js';

/** How long a demand is believed: a node may be replaced by one that asks for less. */
const TTL_MS = 600_000;

interface Demand {
  readonly value: bigint;
  readonly until: number;
}

/** What the nodes asked for when they refused transactions: minimums of price, limits of cost and gas. */
@Injectable()
export class NodeDemands {
  private readonly demands = new Map<string, Demand>();

  /** Wei per gas; 0 while no node asks for one. */
  get minimumTip(): bigint {
    return this.read('tip') ?? 0n;
  }

  /** Wei per gas, tip included; 0 while no node asks for one. */
  get minimumPrice(): bigint {
    return this.read('price') ?? 0n;
  }

  /** Wei that a transaction may cost; null while no node has refused one for its cost. */
  get costLimit(): bigint | null {
    return this.read('cost');
  }

  /** Gas that a transaction may ask for; null while no node has refused one for it. */
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
