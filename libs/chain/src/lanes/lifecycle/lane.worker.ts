import { Injectable, Logger } from '@nestjs/common';
import {
  HoldError,
  HoldRegistry,
  type LaneLease,
  LaneJournal,
  type LaneOwner,
  type LaneState,
  PollingLoop,
  sleep,
  unixNow,
} from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { NonceReconciler } from '../nonce/nonce-reconciler.service.js';
import { LaneSessionFactory } from './lane-session.factory.js';
import type { LaneSession } from './lane-session.js';
import type { LaneSigner } from '../transactions/lane-signer.js';
import { renewLease } from './lease-renewal.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { BatchSubmitter } from '../jobs/batch-submitter.service.js';
import { TransactionTracker } from '../transactions/transaction-tracker.service.js';

/** Services that all lanes of a process share. */
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
    readonly holds: HoldRegistry,
  ) {}
}

/** Decides which lanes this process may acquire, and is told when that changes. */
export interface LaneSupervisor {
  /** Whether this process may acquire the lane now. */
  mayAcquire(address: string): boolean;
  /** Called when a lane was acquired or released, and when its obstacle changed. */
  onLaneChange(): void;
}

const RETRY_MS = 1_000;
const REREAD_MS = 5_000;

/** Acquires the lease of one signer, runs a session while the lease lasts, and starts over. */
export class Lane {
  private readonly logger = new Logger(Lane.name);
  private session: LaneSession | null = null;
  private obstacleFound = 'not acquired yet';
  private elsewhere = false;
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

  /** Whether this process holds the lane. */
  get isAcquired(): boolean {
    return this.session !== null;
  }

  /** Why this process does not hold the lane; human-readable. */
  get obstacle(): string {
    return `${this.address}: ${this.obstacleFound}`;
  }

  /** Whether another replica holds the lane and renews its lease. */
  get isElsewhere(): boolean {
    return this.elsewhere;
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the session after its current steps and releases the lease. */
  async stop(): Promise<void> {
    const stopped = this.loop.stop();
    this.session?.end();
    await stopped;
  }

  /** Ends the session after its current steps. The lane may be acquired again later. */
  stepDown(): void {
    this.session?.end();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      const admitted = this.supervisor.mayAcquire(this.address);
      const lease = admitted ? await this.services.journal.acquire(this.address, this.leaseMs) : null;
      if (lease) await this.runSession(lease, signal);
      const owner = admitted ? await this.services.journal.owner(this.address) : null;
      this.elsewhere = !admitted || this.isRenewed(owner);
      this.obstacleFound = admitted ? describeOwner(owner) : 'waits for the lane of the required signer';
    } catch (error) {
      this.elsewhere = false;
      this.obstacleFound = error instanceof HoldError ? error.message : 'Redis does not answer';
      this.logger.warn({ event: 'lane.failed', message: 'lane failed, retrying', lane: this.signer.address, error });
    }
    if (!signal.aborted) this.supervisor.onLaneChange();
    await sleep(Math.min(RETRY_MS, this.leaseMs / 3), signal);
  }

  /** An owner renews after a third of the duration. A lease with less than half left, or more than two, has no such owner. */
  private isRenewed(owner: LaneOwner | null): boolean {
    return owner !== null && owner.leaseLeftMs > this.leaseMs / 2 && owner.leaseLeftMs <= 2 * this.leaseMs;
  }

  private async runSession(lease: LaneLease, signal: AbortSignal): Promise<void> {
    const { journal, sessionFactory, tracker, submitter, head, pending } = this.services;
    const { session, state } = await sessionFactory.create(lease, this.signer);
    if (signal.aborted) session.end();
    this.session = session;
    head.changes.subscribe(session.submitSignal, session.trackSignal);
    pending.arrivals.subscribe(session.submitSignal);
    this.supervisor.onLaneChange();
    try {
      await Promise.all([
        this.renewLease(session),
        tracker.run(session),
        this.awaitRepair(session),
        this.reconcileNonce(session, state).then(() => submitter.run(session)),
      ]);
    } finally {
      session.end();
      head.changes.unsubscribe(session.submitSignal, session.trackSignal);
      pending.arrivals.unsubscribe(session.submitSignal);
      this.session = null;
      this.supervisor.onLaneChange();
      await journal.release(lease).catch(() => undefined);
    }
  }

  private async reconcileNonce(session: LaneSession, known: LaneState): Promise<void> {
    while (!session.ended) {
      try {
        return await this.services.nonceReconciler.reconcile(session, known);
      } catch (error) {
        const message = 'nonce unavailable, retrying';
        this.logger.warn({ event: 'nonce.read_failed', message, lane: this.signer.address, error });
        await sleep(RETRY_MS, session.signal);
      }
    }
  }

  /** Reports slots that cannot be read, and ends the session when they can: the next one works on them. */
  private async awaitRepair(session: LaneSession): Promise<void> {
    if (session.unreadableSlots.length === 0) return;
    const { holds } = this.services;
    const source = `slots of ${this.address}`;
    const nonces = session.unreadableSlots.join(', ');
    holds.report(
      source,
      'ledger_unreadable',
      `${this.address}: the slots of nonces ${nonces} cannot be read`,
      this.address,
    );
    const before = await this.readUnreadable(session);
    while (!session.ended) {
      await sleep(REREAD_MS, session.signal);
      const now = await this.readUnreadable(session);
      if (before !== null && now !== null && now !== before) session.end();
    }
    holds.withdraw(source);
  }

  /** What the journal has of the unreadable slots, as a text; null while it does not answer. */
  private async readUnreadable(session: LaneSession): Promise<string | null> {
    try {
      const { slots, unreadableSlots = [] } = await this.services.journal.read(this.address);
      const found = slots.filter(({ nonce }) => session.unreadableSlots.includes(String(nonce)));
      const texts = found.map(({ nonce, attempts }) => `${nonce} ${attempts.map(({ raw }) => raw).join(' ')}`);
      return [...texts, ...unreadableSlots].join('\n');
    } catch {
      return null;
    }
  }

  private async renewLease(session: LaneSession): Promise<void> {
    if (!(await renewLease(this.services.journal, session, this.leaseMs))) return;
    const { lane, epoch } = session.lease;
    this.logger.warn({ event: 'lane.lost', message: 'lane lost', lane, epoch });
    session.end();
  }
}

function describeOwner(owner: LaneOwner | null): string {
  if (owner === null) return 'free';
  return `held by ${owner.owner} until ${new Date(unixNow() + owner.leaseLeftMs).toISOString()}`;
}
