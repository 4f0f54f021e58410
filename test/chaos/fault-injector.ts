import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultyTcpProxy } from '../support/network/faulty-tcp-proxy.js';
import type { RedisServer } from '../support/redis/redis-server.js';
import type { Fault, FaultKind } from './fault-plan.js';
import type { WorkerProcess } from './worker-process.js';

/** Makes things go wrong as planned, and sets them right again. */
export class FaultInjector {
  /** How often each fault struck. A worker that is down cannot be killed, and a Redis that is down cannot either. */
  readonly injected = new Map<FaultKind, number>();
  private readonly ongoing = new Set<Promise<void>>();
  private redisFaulty = false;

  constructor(
    private readonly redis: RedisServer,
    private readonly workers: readonly WorkerProcess[],
  ) {}

  /** Returns when every fault is over, all workers run, and so does Redis. */
  async run(plan: readonly Fault[]): Promise<void> {
    const start = Date.now();
    for (const fault of plan) {
      await sleep(Math.max(0, start + fault.at - Date.now()));
      const lasting = this.inject(fault).finally(() => this.ongoing.delete(lasting));
      this.ongoing.add(lasting);
    }
    await Promise.all(this.ongoing);
    for (const worker of this.workers) {
      worker.proxy.heal();
      worker.start();
    }
  }

  private async inject({ kind, worker, magnitude }: Fault): Promise<void> {
    const victim = this.workers[worker];
    if (victim === undefined) return;
    if (kind.endsWith('worker') && !victim.running) return;
    if (kind.endsWith('redis')) {
      if (this.redisFaulty) return;
      this.redisFaulty = true;
    }
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
    await this.apply(kind, victim, magnitude);
    if (kind.endsWith('redis')) this.redisFaulty = false;
  }

  private async apply(kind: FaultKind, victim: WorkerProcess, extent: number): Promise<void> {
    const { proxy } = victim;
    switch (kind) {
      case 'reset':
        return proxy.reset();
      case 'cut request':
        return proxy.cutAfter('request', extent);
      case 'cut reply':
        return proxy.cutAfter('reply', extent);
      case 'black hole':
        return await withFault(proxy, extent, () => proxy.blackhole());
      case 'late delivery':
        return await withFault(proxy, extent, () => proxy.stall());
      case 'slow link':
        return await withFault(proxy, extent, () => proxy.setLatency(extent / 20));
      case 'kill worker':
        return await this.restart(victim, async () => await victim.kill(), extent);
      case 'stop worker':
        return await this.restart(victim, async () => await victim.stop(), extent);
      case 'freeze worker':
        victim.freeze();
        await sleep(extent);
        return victim.thaw();
      case 'kill redis':
        await this.redis.stopProcess('SIGKILL');
        await sleep(extent);
        return await this.redis.restart();
      case 'freeze redis':
        this.redis.signal('SIGSTOP');
        await sleep(extent);
        return this.redis.signal('SIGCONT');
    }
  }

  private async restart(victim: WorkerProcess, end: () => Promise<void>, downMs: number): Promise<void> {
    await end();
    await sleep(downMs);
    victim.start();
  }
}

async function withFault(proxy: FaultyTcpProxy, ms: number, begin: () => void): Promise<void> {
  begin();
  await sleep(ms);
  proxy.heal();
}
