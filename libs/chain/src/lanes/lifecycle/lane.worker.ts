import { Injectable, Logger } from '@nestjs/common';
import { type LaneLease, LaneJournal, type LaneState, PollingLoop, sleep, unixNow } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { NonceReconciler } from '../nonce/nonce-reconciler.service.js';
import { LaneSessionFactory } from './lane-session.factory.js';
import type { LaneSession } from './lane-session.js';
import type { LaneSigner } from '../transactions/lane-signer.js';
import { renewLease } from './lease-renewal.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { BatchSubmitter } from '../jobs/batch-submitter.service.js';
import { TransactionTracker } from '../transactions/transaction-tracker.service.js';

/** What every lane of a process shares. */
@Injectable()
export class LaneServices {
  constructor(
    readonly journal: LaneJournal,
    readonly sessionFactory: LaneSessionFactory,
    readonly nonceReconciler: NonceReconciler,
    readonly submitter: BatchSubmitter,
    readonly tracker: TransactionTracker,
    readonly head: ChainHead,
    readonly pending: PendingJobs,
  ) {}
}

/** Which lanes this process may hold, and who wants to know that it does. */
export interface LaneSupervisor {
  /** False while the lane would be of no use here. */
  mayAcquire(address: string): boolean;
  /** To be called when a tenure begins or ends, and when another obstacle to one is known. */
  onLaneChange(): void;
}

const RETRY_MS = 1_000;

/** One signer's way through its tenures: wins the lease, recovers, works until it is lost, and begins again. */
export class Lane {
  private readonly logger = new Logger(Lane.name);
  private session: LaneSession | null = null;
  private obstacleFound = 'not acquired yet';
  private readonly loop = new PollingLoop((signal) => this.tick(signal));

  constructor(
    private readonly signer: LaneSigner,
    private readonly leaseMs: number,
    private readonly services: LaneServices,
    private readonly supervisor: LaneSupervisor,
  ) {}

  /** EIP-55 address of the signer. */
  get address(): string {
    return this.signer.address;
  }

  /** Whether this process holds the lane now. */
  get isAcquired(): boolean {
    return this.session !== null;
  }

  /** Why this process does not hold the lane; human-readable. */
  get obstacle(): string {
    return `${this.address}: ${this.obstacleFound}`;
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
  stepDown(): void {
    this.session?.end();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      const admitted = this.supervisor.mayAcquire(this.address);
      const lease = admitted ? await this.services.journal.acquire(this.address, this.leaseMs) : null;
      if (lease) await this.runSession(lease, signal);
      this.obstacleFound = admitted ? await this.describeOwner() : 'waits for the lane of the required signer';
    } catch (error) {
      this.obstacleFound = 'Redis does not answer';
      this.logger.warn({ event: 'lane.failed', message: 'lane failed, retrying', lane: this.signer.address, error });
    }
    if (!signal.aborted) this.supervisor.onLaneChange();
    await sleep(Math.min(RETRY_MS, this.leaseMs / 3), signal);
  }

  private async describeOwner(): Promise<string> {
    const tenure = await this.services.journal.owner(this.address);
    if (tenure === null) return 'free';
    return `held by ${tenure.owner} until ${new Date(unixNow() + tenure.leaseLeftMs).toISOString()}`;
  }

  private async runSession(lease: LaneLease, signal: AbortSignal): Promise<void> {
    const { session, state } = await this.services.sessionFactory.create(lease, this.signer);
    if (signal.aborted) session.end();
    this.openSession(session);
    try {
      await Promise.all([
        this.renewLease(session),
        this.services.tracker.run(session),
        this.reconcileNonce(session, state).then(() => this.services.submitter.run(session)),
      ]);
    } finally {
      this.closeSession(session);
      await this.services.journal.release(lease).catch(() => undefined);
    }
  }

  private async reconcileNonce(session: LaneSession, known: LaneState): Promise<void> {
    while (!session.ended) {
      try {
        return await this.services.nonceReconciler.reconcile(session, known);
      } catch (error) {
        this.logger.warn({
          event: 'nonce.read_failed',
          message: 'nonce unavailable, retrying',
          lane: this.signer.address,
          error,
        });
        await sleep(RETRY_MS, session.signal);
      }
    }
  }

  private openSession(session: LaneSession): void {
    this.session = session;
    this.services.head.changes.subscribe(session.submitSignal, session.trackSignal);
    this.services.pending.arrivals.subscribe(session.submitSignal);
    this.supervisor.onLaneChange();
  }

  private closeSession(session: LaneSession): void {
    session.end();
    this.services.head.changes.unsubscribe(session.submitSignal, session.trackSignal);
    this.services.pending.arrivals.unsubscribe(session.submitSignal);
    this.session = null;
    this.supervisor.onLaneChange();
  }

  private async renewLease(session: LaneSession): Promise<void> {
    if (await renewLease(this.services.journal, session, this.leaseMs)) this.onLeaseLost(session);
  }

  private onLeaseLost(session: LaneSession): void {
    this.logger.warn({
      event: 'lane.lost',
      message: 'lane lost',
      lane: this.signer.address,
      epoch: session.lease.epoch,
    });
    session.end();
  }
}
