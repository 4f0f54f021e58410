import { Injectable, Logger } from '@nestjs/common';
import { HoldRegistry, type LaneLease, LaneJournal, LoopReport, PollingLoop, SignerAccounts, sleep } from '#core';
import { SignerConfig } from '#config';
import { ChainHead } from '../../head/chain-head.worker.js';
import { asHold } from '../../rpc/rpc.errors.js';
import { ReadOnlyAccount } from '../transactions/lane-account.js';
import { LaneSessionFactory } from './lane-session.factory.js';
import type { LaneSession } from './lane-session.js';
import { renewLease } from './lease-renewal.js';
import { TransactionTracker } from '../transactions/transaction-tracker.service.js';

const SCAN_INTERVAL_MS = 5_000;
const CHECK_INTERVAL_MS = 200;

/**
 * Finishes the open slots of journaled lanes whose signers are not in use: a key that left the configuration or its file, or
 * a signer that is unavailable since the start. Rebroadcasts their transactions and completes their jobs, but cannot bump
 * fees. Skips lanes that another replica holds, and leaves a lane whose signer is in use again.
 */
@Injectable()
export class OrphanedLanes {
  private readonly logger = new Logger(OrphanedLanes.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Lanes without an owner at the last scan. The delay lets a replica with the key acquire them first. */
  private unowned: ReadonlySet<string> = new Set();
  private session: LaneSession | null = null;
  private readonly descriptions = new Map<string, string>();

  private readonly report: LoopReport;

  constructor(
    private readonly journal: LaneJournal,
    private readonly sessionFactory: LaneSessionFactory,
    private readonly tracker: TransactionTracker,
    private readonly head: ChainHead,
    private readonly config: SignerConfig,
    private readonly accounts: SignerAccounts,
    holds: HoldRegistry,
  ) {
    this.report = new LoopReport(holds, 'orphaned lane check');
  }

  /** Human-readable descriptions of the orphaned lanes. */
  get details(): readonly string[] {
    return [...this.descriptions.values()];
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    this.session?.end();
    await stopped;
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      await this.scan(signal);
      this.report.succeeded();
    } catch (error) {
      this.report.failed(asHold(error));
      this.logger.warn({
        event: 'lane.orphan_check_failed',
        message: 'orphaned lane check failed, retrying',
        error,
      });
    }
    await sleep(Math.min(SCAN_INTERVAL_MS, this.config.laneLeaseMs), signal);
  }

  private async scan(signal: AbortSignal): Promise<void> {
    const free = new Set<string>();
    for (const address of await this.journal.addresses()) {
      if (signal.aborted) return;
      if (!(await this.hasOpenSlots(address))) continue;
      if ((await this.journal.owner(address)) !== null) continue;
      if (this.unowned.has(address)) await this.acquire(address, signal);
      else free.add(address);
    }
    this.unowned = free;
  }

  private hasSigner(address: string): boolean {
    return this.accounts.addresses.some((account) => account.toLowerCase() === address.toLowerCase());
  }

  /** Whether a lane without its signer has open slots. */
  private async hasOpenSlots(address: string): Promise<boolean> {
    const slots = this.hasSigner(address) ? [] : (await this.journal.read(address)).slots;
    if (slots.length === 0) this.descriptions.delete(address);
    else
      this.descriptions.set(
        address,
        `${address} has ${slots.length} open slots, but its key is not configured or not available`,
      );
    return slots.length > 0;
  }

  private async acquire(address: string, signal: AbortSignal): Promise<void> {
    const lease = await this.journal.acquire(address, this.config.laneLeaseMs);
    if (lease === null) return;
    try {
      await this.runSession(lease, signal);
    } finally {
      await this.journal.release(lease).catch(() => undefined);
    }
  }

  private async runSession(lease: LaneLease, signal: AbortSignal): Promise<void> {
    const { session } = await this.sessionFactory.create(lease, new ReadOnlyAccount(lease.lane));
    this.logger.error({
      event: 'lane.orphaned',
      message: 'lane without its key has open slots',
      lane: lease.lane,
      open_slots: session.slots.all.length,
    });
    this.session = session;
    this.report.succeeded();
    this.head.changes.subscribe(session.trackSignal);
    if (signal.aborted) session.end();
    try {
      const kept = renewLease(this.journal, session, this.config.laneLeaseMs).then(() => session.end());
      await Promise.all([kept, this.tracker.run(session), this.untilAllFinal(session)]);
    } finally {
      session.end();
      this.head.changes.unsubscribe(session.trackSignal);
      this.session = null;
    }
  }

  private async untilAllFinal(session: LaneSession): Promise<void> {
    const { slots, signer } = session;
    const isOpen = (): boolean => slots.all.length > 0 && !this.hasSigner(signer.address);
    while (!session.ended && isOpen()) await sleep(CHECK_INTERVAL_MS, session.signal);
    if (!session.ended && slots.all.length === 0) {
      const message = 'lane without its key has no open slots';
      this.logger.log({ event: 'lane.orphan_settled', message, lane: signer.address });
    }
    session.end();
  }
}
