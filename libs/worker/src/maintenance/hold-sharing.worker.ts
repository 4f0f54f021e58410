import { Injectable, Logger } from '@nestjs/common';
import {
  type Hold,
  HOLD_REASONS,
  HOLD_SCOPES,
  HoldExchange,
  holdKey,
  HoldRegistry,
  LoopReport,
  PollingLoop,
  sleep,
} from '#core';
import { Metrics } from '#telemetry';

const INTERVAL_MS = 1_000;

/** Shares the holds of this replica, logs their begin and end, and sets their metric. Runs on every replica. */
@Injectable()
export class HoldSharingWorker {
  private readonly logger = new Logger(HoldSharingWorker.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Begin of each hold at the last iteration, in monotonic milliseconds by key. */
  private known: ReadonlyMap<string, number> = new Map();
  /** Keys of the holds that ended since the last successful exchange. */
  private readonly ended = new Set<string>();

  private readonly report: LoopReport;

  constructor(
    private readonly holds: HoldRegistry,
    private readonly shared: HoldExchange,
    private readonly metrics: Metrics,
  ) {
    this.report = new LoopReport(holds, 'sharing of holds');
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    const { own } = this.holds;
    this.logChanges(own.holds);
    try {
      const ended = [...this.ended];
      this.holds.update(await this.shared.exchange(own, ended));
      for (const key of ended) this.ended.delete(key);
      this.report.succeeded();
    } catch (error) {
      this.report.failed(error);
      // The registry shows the holds of this replica meanwhile, an outage of Redis among them.
      this.logger.warn({ event: 'holds.share_failed', message: 'holds not shared, retrying', error });
    }
    this.setMetric();
    await sleep(INTERVAL_MS, signal);
  }

  private logChanges(holds: readonly Hold[]): void {
    const current = new Map(holds.map((hold) => [holdKey(hold), hold]));
    const now = performance.now();
    for (const [key, { reason, lane, detail, pauses }] of current) {
      this.ended.delete(key);
      if (this.known.has(key)) continue;
      this.logger.warn({ event: 'hold.set', message: 'hold set', reason, lane, detail, pauses });
    }
    for (const [key, since] of this.known) {
      if (current.has(key)) continue;
      this.ended.add(key);
      const [reason, lane] = key.split(' ');
      const seconds = Math.round((now - since) / 1_000);
      this.logger.log({ event: 'hold.ended', message: 'hold ended', reason, lane, seconds });
    }
    this.known = new Map([...current.keys()].map((key) => [key, this.known.get(key) ?? now]));
  }

  private setMetric(): void {
    const { cluster } = this.holds;
    for (const reason of HOLD_REASONS) {
      for (const scope of HOLD_SCOPES) {
        const held = cluster.some((hold) => hold.reason === reason && hold.scope === scope);
        if (held || scope === 'service') this.metrics.consumerHeld.set({ reason, scope }, held ? 1 : 0);
        else this.metrics.consumerHeld.remove({ reason, scope });
      }
    }
  }
}
