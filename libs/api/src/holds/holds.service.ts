import { Injectable } from '@nestjs/common';
import { type ClusterHold, HOLD_GUIDES, HoldRegistry, type Slot, LaneJournal } from '#core';
import type { QueueStatsDto } from '../health/health.dto.js';
import { withTimeout } from '../health/with-timeout.js';
import type { BlockedDto, HoldDto } from './hold.dto.js';

const TIMEOUT_MS = 2_000;

/** Describes the holds of all replicas: what each blocks, and what ends it. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly registry: HoldRegistry,
    private readonly journal: LaneJournal,
  ) {}

  /** @param stats messages by list; null when unknown */
  async describe(stats: QueueStatsDto | null): Promise<readonly HoldDto[]> {
    const messages = stats === null ? null : stats.main_queue + stats.processing + stats.delayed;
    return await Promise.all(this.registry.cluster.map((hold) => this.toDto(hold, messages)));
  }

  /** The holds of one account. */
  async ofLane(lane: string): Promise<readonly HoldDto[]> {
    return await Promise.all(
      this.registry.cluster.filter((hold) => hold.lane === lane).map((hold) => this.toDto(hold, null)),
    );
  }

  /** The holds that block an open job: those of its account, or, while it has none, all. */
  async ofJob(lane: string | null): Promise<readonly HoldDto[]> {
    const blocking = this.registry.cluster.filter((hold) => lane === null || hold.lane === null || hold.lane === lane);
    return await Promise.all(blocking.map((hold) => this.toDto(hold, null)));
  }

  private async toDto(hold: ClusterHold, messages: number | null): Promise<HoldDto> {
    const { reason, detail, lane, scope, replicas } = hold;
    const since = new Date(hold.since).toISOString();
    const blocks = lane === null ? { messages, transactions: null } : await this.blockedBy(lane);
    return { reason, since, detail, lane, scope, replicas, blocks, ...HOLD_GUIDES[reason] };
  }

  private async blockedBy(lane: string): Promise<BlockedDto> {
    try {
      const { slots } = await withTimeout(this.journal.read(lane), TIMEOUT_MS);
      const messages = slots.reduce((sum: number, { modelIds }: Slot) => sum + modelIds.length, 0);
      return { messages, transactions: slots.length };
    } catch {
      // Redis does not answer, which is a hold of its own.
      return { messages: null, transactions: null };
    }
  }
}
