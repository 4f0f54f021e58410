import { Injectable } from '@nestjs/common';
import { type DeploymentJob, type SubmissionRoom, TokenBackend } from '#core';
import { BackendConfig, SignerConfig } from '#config';
import { ChainHead } from '../chain-head.js';
import type { LaneSession } from './lane-session.js';
import { LaneShares } from './lane-shares.js';
import { PendingJobs } from './pending-jobs.js';

/** EIP-7825: no transaction may ask for more gas than this. */
const TRANSACTION_GAS_CAP = 2n ** 24n;
const LONGEST_WAIT_MS = 1_000;

/** Decides when a batch goes, and how large it is. */
@Injectable()
export class BatchFormer {
  constructor(
    readonly pending: PendingJobs,
    private readonly backend: TokenBackend,
    private readonly head: ChainHead,
    private readonly shares: LaneShares,
    private readonly signer: SignerConfig,
    private readonly config: BackendConfig,
  ) {}

  /** What the lane may send on this chain now. */
  room(session: LaneSession): SubmissionRoom {
    return {
      gasLimit: this.blockGas < TRANSACTION_GAS_CAP ? this.blockGas : TRANSACTION_GAS_CAP,
      transactions: this.signer.maxInFlight - session.slots.unmined.length,
    };
  }

  /** The next batch for the lane; empty when the tenure ended first. */
  async next(session: LaneSession): Promise<readonly DeploymentJob[]> {
    while (!session.over) {
      if (this.ready(session)) {
        await this.gather(session);
        if (!session.over) return this.take(session);
      }
      await session.submitBell.heard(LONGEST_WAIT_MS, session.signal);
    }
    return [];
  }

  private ready(session: LaneSession): boolean {
    return this.waiting(session) > 0 && this.room(session).transactions > 0 && this.head.current !== null;
  }

  private waiting(session: LaneSession): number {
    return this.pending.waitingFor(session.signer.address, this.shares.common(session, this.blockGas));
  }

  private take(session: LaneSession): readonly DeploymentJob[] {
    return this.pending.take(this.backend.selection(this.room(session)), {
      lane: session.signer.address,
      common: this.shares.common(session, this.blockGas),
      isLast: (modelId) => session.passedOver.has(modelId),
    });
  }

  private get blockGas(): bigint {
    return this.head.current?.block.gasLimit ?? 0n;
  }

  /**
   * A lane that has sent nothing lately sends what there is at once; otherwise a batch waits a little for company, because
   * a full one is cheaper.
   */
  private async gather(session: LaneSession): Promise<void> {
    const deadline = lastSigned(session) + this.config.batchWaitMs;
    for (let left = deadline - Date.now(); left > 0 && !session.over; left = deadline - Date.now()) {
      if (this.waiting(session) >= this.config.batchSize) return;
      await session.submitBell.heard(left, session.signal);
    }
  }
}

/** Unix milliseconds of the newest transaction on its way; 0 without one. Another replica's clock may be ahead. */
function lastSigned(session: LaneSession): number {
  return Math.min(session.slots.unmined.at(-1)?.attempts[0]?.signedAt ?? 0, Date.now());
}
