import { Injectable } from '@nestjs/common';
import { DependencyProbe, HoldRegistry, type ProbeResult } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { RpcPool } from '../pool/rpc-pool.js';

/** Reports the chain head and the excluded RPC endpoints. Sends no request and never makes the service unready. */
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
    const exclusions = this.rpc.exclusions.map(({ endpoint, reason, detail, since }) => {
      const seconds = Math.round((performance.now() - since) / 1000);
      return `${endpoint} excluded for ${seconds} s: ${reason} (${detail})`;
    });
    const outage = this.holds.list().find(({ reason }) => reason === 'rpc_unavailable' || reason === 'no_final_block');
    const block = this.head.current?.block;
    const head = outage?.detail ?? (block ? `block ${block.number}` : 'no block seen yet');
    const status = outage || !block || exclusions.length > 0 ? 'degraded' : 'up';
    return Promise.resolve({ status, detail: [head, ...exclusions].join('; ') });
  }
}
