import { Injectable } from '@nestjs/common';
import { DependencyProbe, Holds, type ProbeResult } from '#core';
import { ChainHead } from './chain-head.js';

/** How the chain is, as the head's own loop last found it. Never makes the service unready. */
@Injectable()
export class RpcProbe extends DependencyProbe {
  override readonly name = 'chain';
  override readonly required = false;

  constructor(
    private readonly head: ChainHead,
    private readonly holds: Holds,
  ) {
    super();
  }

  override check(): Promise<ProbeResult> {
    const outage = this.holds.list().find(({ reason }) => reason === 'rpc_unavailable');
    if (outage) return Promise.resolve({ status: 'degraded', detail: outage.detail });
    const block = this.head.current?.block;
    if (!block) return Promise.resolve({ status: 'degraded', detail: 'no block seen yet' });
    return Promise.resolve({ status: 'up', detail: `block ${block.number}` });
  }
}
