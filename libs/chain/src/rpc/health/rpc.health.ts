import { Injectable } from '@nestjs/common';
import { DependencyProbe, HoldRegistry, type ProbeResult } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { RpcPool } from '../pool/rpc-pool.js';

/**
 * How the chain is, as the head's own loop last found it, and which endpoints are put aside and why. Asks nothing, and
 * never makes the service unready.
 */
@Injectable()
export class RpcHealth extends DependencyProbe {
  override readonly name = 'chain';
  override readonly required = false;

  constructor(
    private readonly head: ChainHead,
    private readonly holds: HoldRegistry,
    private readonly rpc: RpcPool,
  ) {
    super();
  }

  override check(): Promise<ProbeResult> {
    const asides = this.exclusions();
    const outage = this.holds.list().find(({ reason }) => reason === 'rpc_unavailable' || reason === 'no_final_block');
    if (outage) return Promise.resolve({ status: 'degraded', detail: [outage.detail, ...asides].join('; ') });
    const block = this.head.current?.block;
    if (!block) return Promise.resolve({ status: 'degraded', detail: ['no block seen yet', ...asides].join('; ') });
    const status = asides.length > 0 ? 'degraded' : 'up';
    return Promise.resolve({ status, detail: [`block ${block.number}`, ...asides].join('; ') });
  }

  private exclusions(): readonly string[] {
    return this.rpc.exclusions.map(({ endpoint, reason, detail, since }) => {
      const seconds = Math.round((performance.now() - since) / 1000);
      return `${endpoint} is put aside for ${seconds} s: ${reason} (${detail})`;
    });
  }
}
