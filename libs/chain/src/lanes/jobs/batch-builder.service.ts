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

  /** Returns the gas and the number of transactions that the lane may submit now. */
  limits(session: LaneSession): SubmissionLimits {
    const maxInFlight = this.delegated.has(session.signer.address) ? 1 : this.signer.maxInFlight;
    return this.transactionLimits.current(maxInFlight - session.slots.unmined.length);
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
    return this.waitingCount(session) > 0 && this.limits(session).transactions > 0 && this.head.current !== null;
  }

  private waitingCount(session: LaneSession): number {
    return this.pending.countFor(session.signer.address, this.quota.sharedJobLimit(session, this.blockGas));
  }

  private takeBatch(session: LaneSession): readonly DeploymentJob[] {
    return this.pending.take(this.backend.selection(this.limits(session)), {
      lane: session.signer.address,
      sharedLimit: this.quota.sharedJobLimit(session, this.blockGas),
      isDeferred: (modelId) => session.deferredJobs.has(modelId),
    });
  }

  private get blockGas(): bigint {
    return this.head.current?.block.gasLimit ?? 0n;
  }

  /** Waits up to `BATCH_WAIT_MS` after the lane's last transaction for a full batch, which costs less gas per token. */
  private async waitForFullBatch(session: LaneSession): Promise<void> {
    const lastSignedAt = session.slots.unmined.at(-1)?.openedAt ?? -Infinity;
    const deadline = lastSignedAt + this.config.batchWaitMs;
    for (let left = deadline - performance.now(); left > 0 && !session.ended; left = deadline - performance.now()) {
      if (this.waitingCount(session) >= this.config.batchSize) return;
      await session.submitSignal.wait(left, session.signal);
    }
  }
}
