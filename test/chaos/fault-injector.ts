import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '../support/fault-proxy.js';
import type { RedisServer } from '../support/redis-server.js';
import type { Fault, FaultKind } from './fault-plan.js';
import type { WorkerProcess } from './worker-process.js';

/** Makes things go wrong as planned, and sets them right again. */
export class FaultInjector {
  /** How often each fault struck. A worker that is down cannot be killed, and a Redis that is down cannot either. */
  readonly struck = new Map<FaultKind, number>();
  private readonly lasting = new Set<Promise<void>>();
  private redisTroubled = false;

  constructor(
    private readonly redis: RedisServer,
    private readonly workers: readonly WorkerProcess[],
  ) {}

  /** Returns when every fault is over, all workers run, and so does Redis. */
  async carryOut(plan: readonly Fault[]): Promise<void> {
    const start = Date.now();
    for (const fault of plan) {
      await sleep(Math.max(0, start + fault.at - Date.now()));
      const lasting = this.strike(fault).finally(() => this.lasting.delete(lasting));
      this.lasting.add(lasting);
    }
    await Promise.all(this.lasting);
    for (const worker of this.workers) {
      worker.proxy.heal();
      worker.start();
    }
  }

  private async strike({ kind, worker, extent }: Fault): Promise<void> {
    const victim = this.workers[worker];
    if (victim === undefined) return;
    if (kind.endsWith('worker') && !victim.running) return;
    if (kind.endsWith('redis')) {
      if (this.redisTroubled) return;
      this.redisTroubled = true;
    }
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1);
    await this.inflict(kind, victim, extent);
    if (kind.endsWith('redis')) this.redisTroubled = false;
  }

  private async inflict(kind: FaultKind, victim: WorkerProcess, extent: number): Promise<void> {
    const { proxy } = victim;
    switch (kind) {
      case 'reset':
        return proxy.reset();
      case 'cut request':
        return proxy.cut('request', extent);
      case 'cut reply':
        return proxy.cut('reply', extent);
      case 'black hole':
        return await during(proxy, extent, () => proxy.swallow());
      case 'late delivery':
        return await during(proxy, extent, () => proxy.hold());
      case 'slow link':
        return await during(proxy, extent, () => proxy.slow(extent / 20));
      case 'kill worker':
        return await this.restart(victim, async () => await victim.kill(), extent);
      case 'stop worker':
        return await this.restart(victim, async () => await victim.stop(), extent);
      case 'freeze worker':
        victim.freeze();
        await sleep(extent);
        return victim.thaw();
      case 'kill redis':
        await this.redis.halt('SIGKILL');
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

async function during(proxy: FaultProxy, ms: number, begin: () => void): Promise<void> {
  begin();
  await sleep(ms);
  proxy.heal();
}
