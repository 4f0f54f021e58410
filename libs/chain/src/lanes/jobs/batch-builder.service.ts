import { Injectable } from '@nestjs/common';
import { type DeploymentJob, type SubmissionLimits, TokenBackend } from '#core';
import { BackendConfig, SignerConfig } from '#config';
import { ChainHead } from '../../head/chain-head.worker.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { TransactionLimits } from '../transactions/transaction-limits.service.js';
import { isRefused } from '../transactions/open-slots.js';
import { DelegatedAccounts } from '../status/delegated-accounts.service.js';
import { LaneQuota } from './lane-quota.service.js';
import { PendingJobs } from './pending-jobs.js';

const MAX_WAIT_MS = 1_000;

/** Decides when a batch is sent and which jobs are in it. */
@Injectable()
export class BatchBuilder {
  constructor(
    readonly pending: PendingJobs,
    private readonly backend: TokenBackend,
    private readonly head: ChainHead,
    private readonly quota: LaneQuota,
    private readonly transactionLimits: TransactionLimits,
    private readonly delegated: DelegatedAccounts,
    private readonly signer: SignerConfig,
    private readonly config: BackendConfig,
  ) {}

  /** Returns the gas and the number of transactions that the lane may submit now, registrations not counted. */
  limits(session: LaneSession): SubmissionLimits {
    return this.transactionLimits.current(this.freeSlots(session).deployments);
  }

  /** Waits for the lane's next batch. Returns an empty one when the session ended. */
  async nextBatch(session: LaneSession): Promise<readonly DeploymentJob[]> {
    while (!session.ended) {
      if (this.canSubmit(session)) {
        await this.waitForFullBatch(session);
        if (!session.ended) return this.takeBatch(session);
      }
      await session.submitSignal.wait(MAX_WAIT_MS, session.signal);
    }
    return [];
  }

  private canSubmit(session: LaneSession): boolean {
    // A transaction after a refused nonce would only wait for it. Another lane may be free.
    if (session.slots.unmined.some(isRefused)) return false;
    const { registrations, deployments } = this.freeSlots(session);
    const { reserved, shared } = this.waitingCounts(session);
    return ((reserved > 0 && registrations > 0) || (shared > 0 && deployments > 0)) && this.head.current !== null;
  }

  /**
   * Counts the transactions that the lane may send now. Only registrations are reserved for a lane. They have slots of their
   * own, because their gas is a fraction of a deployment's: in shared slots, they would leave half of each block empty.
   */
  private freeSlots({ signer, slots }: LaneSession): { readonly registrations: number; readonly deployments: number } {
    const { unmined } = slots;
    // A delegated account may have one pending transaction.
    if (this.delegated.has(signer.address)) {
      const free = Math.max(0, 1 - unmined.length);
      return this.pending.countReservedFor(signer.address) > 0
        ? { registrations: free, deployments: 0 }
        : { registrations: 0, deployments: free };
    }
    const registrations = unmined.filter(({ kind }) => kind === 'register').length;
    const { maxInFlight } = this.signer;
    // A shared job needs a registration when an earlier process deployed its token.
    const free = 2 * maxInFlight - unmined.length;
    return {
      registrations: Math.min(free, maxInFlight - registrations),
      deployments: Math.min(free, maxInFlight - (unmined.length - registrations)),
    };
  }

  private waitingCounts(session: LaneSession): { readonly reserved: number; readonly shared: number } {
    return {
      reserved: this.pending.countReservedFor(session.signer.address),
      shared: Math.min(this.pending.sharedCount, this.quota.sharedJobLimit(session, this.blockGas)),
    };
  }

  private takeBatch(session: LaneSession): readonly DeploymentJob[] {
    const { address: lane } = session.signer;
    const isDeferred = (modelId: string): boolean => session.deferredJobs.has(modelId);
    const { registrations, deployments } = this.freeSlots(session);
    const quota = deployments > 0 ? this.quota.sharedJobLimit(session, this.blockGas) : 0;
    const sharedLimit = Math.min(quota, this.transactionLimits.tokens);
    const selects = this.backend.selection(this.limits(session));
    return [
      ...this.pending.takeReserved(lane, { limit: registrations, isDeferred }),
      ...this.pending.take(selects, { limit: sharedLimit, isDeferred }),
    ];
  }

  private get blockGas(): bigint {
    return this.head.current?.block.gasLimit ?? 0n;
  }

  /** Waits up to `BATCH_WAIT_MS` after the lane's last transaction for a full batch, which costs less gas per token. */
  private async waitForFullBatch(session: LaneSession): Promise<void> {
    const lastSignedAt = session.slots.unmined.at(-1)?.openedAt ?? -Infinity;
    const deadline = lastSignedAt + this.config.batchWaitMs;
    for (let left = deadline - performance.now(); left > 0 && !session.ended; left = deadline - performance.now()) {
      const { reserved, shared } = this.waitingCounts(session);
      if (reserved + shared >= this.config.batchSize) return;
      await session.submitSignal.wait(left, session.signal);
    }
  }
}
