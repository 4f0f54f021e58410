import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  Held,
  type JobFinding,
  JobOutcomes,
  reached,
  TokenBackend,
  type TransactionReceipt,
} from '#core';
import { ChainHead } from '../chain-head.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { LaneGauges } from './lane-gauges.js';
import type { LaneSession } from './lane-session.js';
import { newestAttempt, type OpenSlot } from './open-slots.js';
import { PendingJobs } from './pending-jobs.js';
import { UnminedSlots } from './unmined-slots.js';

const LOOK_AGAIN_MS = 1_000;

/** The second loop of a lane: follows every open slot until its transaction is final, and settles it. */
@Injectable()
export class Tracker {
  private readonly logger = new Logger(Tracker.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly backend: TokenBackend,
    private readonly outcomes: JobOutcomes,
    private readonly pending: PendingJobs,
    private readonly unmined: UnminedSlots,
    private readonly gauges: LaneGauges,
  ) {}

  /** Runs until the tenure ends. Never throws. */
  async run(session: LaneSession): Promise<void> {
    while (!session.over) {
      try {
        await this.pass(session);
      } catch (error) {
        const reason = error instanceof Held ? error.message : undefined;
        this.logger.warn({ message: 'tracking failed, trying again', lane: session.signer.address, reason, error });
      }
      await session.trackBell.heard(LOOK_AGAIN_MS, session.signal);
    }
    this.gauges.forget(session);
  }

  /** Looks at every open slot once, lowest nonce first. */
  async pass(session: LaneSession): Promise<void> {
    const slots = session.slots.all;
    this.gauges.show(session);
    if (slots.length === 0) return;
    const receipts = await this.receiptsOf(slots);
    for (const slot of slots) {
      if (session.over) return;
      const receipt = receipts.get(slot) ?? null;
      if (receipt) this.mined(slot, receipt);
      else this.notMined(session, slot);
    }
    // What a block has taken makes room in the lane: that must not wait for the settlement of what is final.
    session.submitBell.ring();
    await this.closeFinal(session, receipts);
    await this.unmined.attend(session);
    session.submitBell.ring();
  }

  private async closeFinal(session: LaneSession, receipts: ReadonlyMap<OpenSlot, TransactionReceipt>): Promise<void> {
    for (const [slot, receipt] of receipts) {
      if (session.over) return;
      if (receipt.blockNumber <= (this.head.current?.finalBlock ?? -1)) await this.close(session, slot, receipt);
    }
  }

  private async receiptsOf(slots: readonly OpenSlot[]): Promise<Map<OpenSlot, TransactionReceipt>> {
    const watched = slots.flatMap((slot) => slot.attempts.map(({ hash }) => ({ slot, hash })));
    const receipts = await this.reader.receipts(watched.map(({ hash }) => hash));
    const found = new Map<OpenSlot, TransactionReceipt>();
    for (const [index, { slot }] of watched.entries()) {
      const receipt = receipts[index];
      if (receipt) found.set(slot, receipt);
    }
    return found;
  }

  private mined(slot: OpenSlot, receipt: TransactionReceipt): void {
    if (slot.minedIn === receipt.blockHash) return;
    if (slot.minedIn !== null) this.gauges.reorged();
    slot.minedIn = receipt.blockHash;
    slot.minedAt = Date.now();
    this.gauges.stage('inclusion', newestAttempt(slot).signedAt);
    reached('mined');
  }

  private notMined(session: LaneSession, slot: OpenSlot): void {
    if (slot.minedIn === null) return;
    slot.minedIn = null;
    slot.sentAt = 0;
    this.gauges.reorged();
    this.logger.warn({ message: 'transaction left the chain', lane: session.signer.address, nonce: slot.nonce });
  }

  private async close(session: LaneSession, slot: OpenSlot, receipt: TransactionReceipt): Promise<void> {
    const block = await this.reader.block(receipt.blockNumber);
    if (block?.hash !== receipt.blockHash) return;
    this.gauges.stage('finality', slot.minedAt);
    const findings = await this.backend.conclude(slot.jobs, receipt, block);
    reached('final');
    const settled = await this.outcomes.settle(
      { lease: session.lease, nonce: slot.nonce, block: block.number },
      findings,
    );
    if (!settled) return session.end();
    reached('settled');
    session.slots.remove(slot);
    this.gauges.closed(receipt, slot);
    const [returned, advanced] = [jobsWith('returned', findings, slot), jobsWith('advanced', findings, slot)];
    if (returned.length > 0) this.pending.comeBack(returned);
    if (advanced.length > 0) this.goOn(advanced.map((job) => withAttempts(job, slot)));
  }

  /** What comes next is the lead signer's to send, where there is one. */
  private goOn(jobs: readonly DeploymentJob[]): void {
    const signer = this.backend.leadSigner;
    if (signer === null) this.pending.putBack(jobs);
    else this.pending.leaveTo(jobs.map((job) => ({ job, signer })));
  }
}

function jobsWith(
  kind: 'returned' | 'advanced',
  findings: readonly JobFinding[],
  slot: OpenSlot,
): readonly DeploymentJob[] {
  const ids = new Set(findings.flatMap((finding) => (finding.kind === kind ? [finding.modelId] : [])));
  return slot.jobs.filter((job) => ids.has(job.request.record.modelId));
}

/** The ledger has them by now, and who prepares the next transaction reads them off the job. */
function withAttempts(job: DeploymentJob, slot: OpenSlot): DeploymentJob {
  return { ...job, attempts: [...job.attempts, ...slot.attempts] };
}
