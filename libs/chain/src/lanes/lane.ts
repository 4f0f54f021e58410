import { Injectable, Logger } from '@nestjs/common';
import { type LaneLease, LaneJournal, type LaneState, Loop, pause } from '#core';
import { ChainHead } from '../chain-head.js';
import { LaneAlignment } from './lane-alignment.js';
import { LaneRecovery } from './lane-recovery.js';
import type { LaneSession } from './lane-session.js';
import type { LaneSigner } from './lane-signer.js';
import { keepLease } from './lease-upkeep.js';
import { PendingJobs } from './pending-jobs.js';
import { Submitter } from './submitter.js';
import { Tracker } from './tracker.js';

/** What every lane of a process shares. */
@Injectable()
export class LaneCrew {
  constructor(
    readonly journal: LaneJournal,
    readonly recovery: LaneRecovery,
    readonly alignment: LaneAlignment,
    readonly submitter: Submitter,
    readonly tracker: Tracker,
    readonly head: ChainHead,
    readonly pending: PendingJobs,
  ) {}
}

/** Which lanes this process may hold, and who wants to know that it does. */
export interface Tenures {
  /** False while the lane would be of no use here. */
  admits(address: string): boolean;
  /** To be called when a tenure begins or ends. */
  changed(): void;
}

const RETRY_MS = 1_000;

/** One signer's way through its tenures: wins the lease, recovers, works until it is lost, and begins again. */
export class Lane {
  private readonly logger = new Logger(Lane.name);
  private session: LaneSession | null = null;
  private readonly loop = new Loop((signal) => this.turn(signal));

  constructor(
    private readonly signer: LaneSigner,
    private readonly leaseMs: number,
    private readonly crew: LaneCrew,
    private readonly tenures: Tenures,
  ) {}

  /** EIP-55 address of the signer. */
  get address(): string {
    return this.signer.address;
  }

  /** Whether this process holds the lane now. */
  get held(): boolean {
    return this.session !== null;
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the tenure after the steps in hand and gives the lease up. */
  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    this.session?.end();
    await stopped;
  }

  /** Ends the tenure after the steps in hand; another may begin later. */
  giveUp(): void {
    this.session?.end();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    try {
      const admitted = this.tenures.admits(this.signer.address);
      const lease = admitted ? await this.crew.journal.acquire(this.signer.address, this.leaseMs) : null;
      if (lease) await this.serve(lease, signal);
    } catch (error) {
      this.logger.warn({ message: 'lane interrupted, trying again', lane: this.signer.address, error });
    }
    await pause(Math.min(RETRY_MS, this.leaseMs / 3), signal);
  }

  private async serve(lease: LaneLease, signal: AbortSignal): Promise<void> {
    const { session, state } = await this.crew.recovery.begin(lease, this.signer);
    if (signal.aborted) session.end();
    this.begin(session);
    try {
      await Promise.all([
        this.keepLease(session),
        this.crew.tracker.run(session),
        this.align(session, state).then(() => this.crew.submitter.run(session)),
      ]);
    } finally {
      this.finish(session);
      await this.crew.journal.release(lease).catch(() => undefined);
    }
  }

  private async align(session: LaneSession, known: LaneState): Promise<void> {
    while (!session.over) {
      try {
        return await this.crew.alignment.align(session, known);
      } catch (error) {
        this.logger.warn({ message: 'the nonce cannot be read, trying again', lane: this.signer.address, error });
        await pause(RETRY_MS, session.signal);
      }
    }
  }

  private begin(session: LaneSession): void {
    this.session = session;
    this.crew.head.changes.hang(session.submitBell, session.trackBell);
    this.crew.pending.arrivals.hang(session.submitBell);
    this.tenures.changed();
  }

  private finish(session: LaneSession): void {
    session.end();
    this.crew.head.changes.take(session.submitBell, session.trackBell);
    this.crew.pending.arrivals.take(session.submitBell);
    this.session = null;
    this.tenures.changed();
  }

  private async keepLease(session: LaneSession): Promise<void> {
    if (await keepLease(this.crew.journal, session, this.leaseMs)) this.lost(session);
  }

  private lost(session: LaneSession): void {
    this.logger.warn({ message: 'lane lost', lane: this.signer.address, epoch: session.lease.epoch });
    session.end();
  }
}
