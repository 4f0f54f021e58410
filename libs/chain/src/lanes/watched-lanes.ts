import { Injectable, Logger } from '@nestjs/common';
import { type LaneLease, LaneJournal, Loop, pause } from '#core';
import { SignerConfig } from '#config';
import { ChainHead } from '../chain-head.js';
import { WatchedAccount } from './lane-account.js';
import { LaneRecovery } from './lane-recovery.js';
import type { LaneSession } from './lane-session.js';
import { keepLease } from './lease-upkeep.js';
import { Tracker } from './tracker.js';

const LOOK_EVERY_MS = 5_000;
const CHECK_EVERY_MS = 200;

/**
 * Lanes of the journal whose keys are not configured here any more, and that still have open slots: somebody has to bring
 * these to their end. Their bytes are sent again and their tokens settled, but they cannot be offered for a higher fee. A
 * lane that another replica works with is left to it.
 */
@Injectable()
export class WatchedLanes {
  private readonly logger = new Logger(WatchedLanes.name);
  private readonly loop = new Loop((signal) => this.turn(signal));
  private configured: ReadonlySet<string> = new Set();
  /** Lanes without an owner at the last look: a replica that has the key comes first. */
  private abandoned: ReadonlySet<string> = new Set();
  private session: LaneSession | null = null;
  private readonly known = new Map<string, string>();

  constructor(
    private readonly journal: LaneJournal,
    private readonly recovery: LaneRecovery,
    private readonly tracker: Tracker,
    private readonly head: ChainHead,
    private readonly config: SignerConfig,
  ) {}

  /** Which lanes are in that state, for people. */
  get details(): readonly string[] {
    return [...this.known.values()];
  }

  /** @param addresses of the lanes whose keys are configured */
  start(addresses: readonly string[]): void {
    this.configured = new Set(addresses.map((address) => address.toLowerCase()));
    this.loop.start();
  }

  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    this.session?.end();
    await stopped;
  }

  private async turn(signal: AbortSignal): Promise<void> {
    try {
      await this.look(signal);
    } catch (error) {
      this.logger.warn({ message: 'lanes without a key cannot be looked at, trying again', error });
    }
    await pause(Math.min(LOOK_EVERY_MS, this.config.laneLeaseMs), signal);
  }

  private async look(signal: AbortSignal): Promise<void> {
    const free = new Set<string>();
    for (const address of await this.journal.addresses()) {
      if (signal.aborted) return;
      if (this.configured.has(address.toLowerCase()) || !(await this.hasOpenSlots(address))) continue;
      if ((await this.journal.tenure(address)) !== null) continue;
      if (this.abandoned.has(address)) await this.watch(address, signal);
      else free.add(address);
    }
    this.abandoned = free;
  }

  private async hasOpenSlots(address: string): Promise<boolean> {
    const { slots } = await this.journal.read(address);
    if (slots.length === 0) this.known.delete(address);
    else this.known.set(address, `${address} has ${slots.length} open slots, and its key is not configured here`);
    return slots.length > 0;
  }

  private async watch(address: string, signal: AbortSignal): Promise<void> {
    const lease = await this.journal.acquire(address, this.config.laneLeaseMs);
    if (lease === null) return;
    try {
      await this.serve(lease, signal);
    } finally {
      await this.journal.release(lease).catch(() => undefined);
    }
  }

  private async serve(lease: LaneLease, signal: AbortSignal): Promise<void> {
    const { session } = await this.recovery.begin(lease, new WatchedAccount(lease.lane));
    this.logger.error({
      message: 'a lane without its key has open slots',
      lane: lease.lane,
      open_slots: session.slots.all.length,
    });
    this.session = session;
    this.head.changes.hang(session.trackBell);
    if (signal.aborted) session.end();
    try {
      const kept = keepLease(this.journal, session, this.config.laneLeaseMs).then(() => session.end());
      await Promise.all([kept, this.tracker.run(session), this.untilSettled(session)]);
    } finally {
      session.end();
      this.head.changes.take(session.trackBell);
      this.session = null;
    }
  }

  private async untilSettled(session: LaneSession): Promise<void> {
    while (!session.over && session.slots.all.length > 0) await pause(CHECK_EVERY_MS, session.signal);
    if (!session.over) this.logger.log({ message: 'a lane without its key is settled', lane: session.signer.address });
    session.end();
  }
}
