import { Injectable } from '@nestjs/common';
import { formatEther } from 'ethers';
import type { TransactionReceipt } from '#core';
import { type DeploymentStage, Metrics, type OpenRegistration, REGISTRATIONS, SLOT_STATES } from '#telemetry';
import type { LaneSession } from '../lifecycle/lane-session.js';
import type { OpenSlot } from '../transactions/open-slots.js';
import { TokenCost } from './token-cost.js';

/** Metrics of lanes and of the cost of their transactions. */
@Injectable()
export class LaneMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly cost: TokenCost,
  ) {}

  recordSession(session: LaneSession): void {
    const account = session.signer.address;
    const { all, unmined } = session.slots;
    this.metrics.laneSlots.set({ account, state: 'unmined' }, unmined.length);
    this.metrics.laneSlots.set({ account, state: 'mined' }, all.length - unmined.length);
    const oldest = all[0]?.openedAt;
    this.metrics.laneOldestSlotAgeSeconds.set(
      { account },
      oldest === undefined ? 0 : (performance.now() - oldest) / 1000,
    );
    this.metrics.accountNonce.set({ account, kind: 'journal' }, session.nextNonce);
  }

  /** Removes the metrics of a released lane. The replica that holds it reports them. */
  removeSession(session: LaneSession): void {
    const account = session.signer.address;
    for (const state of SLOT_STATES) this.metrics.laneSlots.remove({ account, state });
    this.metrics.laneOldestSlotAgeSeconds.remove({ account });
    this.metrics.accountNonce.remove({ account, kind: 'journal' });
  }

  recordAccount(account: string, balance: bigint, nonces: { readonly latest: number; readonly pending: number }): void {
    this.metrics.accountBalanceEther.set({ account }, Number(formatEther(balance)));
    this.metrics.accountNonce.set({ account, kind: 'latest' }, nonces.latest);
    this.metrics.accountNonce.set({ account, kind: 'pending' }, nonces.pending);
  }

  /** Removes the metrics of an account that no longer sends. */
  removeAccount(account: string): void {
    this.metrics.accountBalanceEther.remove({ account });
    this.metrics.accountRunwayTokens.remove({ account });
    for (const kind of ['latest', 'pending']) this.metrics.accountNonce.remove({ account, kind });
  }

  /** Records the number of tokens that the balance pays for at the base fee of the head. */
  recordRunway(account: string, balance: bigint, baseFee: bigint): void {
    const tokens = this.cost.tokensFor(balance, baseFee);
    this.metrics.tokenGas.set(Number(this.cost.gas));
    if (tokens === null) this.metrics.accountRunwayTokens.remove({ account });
    else this.metrics.accountRunwayTokens.set({ account }, tokens);
  }

  /** Records that every account was refreshed. */
  recordAccountsRefreshed(): void {
    this.metrics.collectorLastSuccessTimestampSeconds.setToCurrentTime({ collector: 'accounts' });
  }

  recordUnregistered(tokens: Readonly<Record<OpenRegistration, number>>): void {
    for (const registration of REGISTRATIONS)
      this.metrics.tokensUnregistered.set({ registration }, tokens[registration]);
  }

  countReorg(): void {
    this.metrics.reorgsTotal.inc();
  }

  /** @param since monotonic milliseconds when the stage began */
  observeStage(stage: DeploymentStage, since: number): void {
    this.metrics.deploymentStageDurationSeconds.observe({ stage }, (performance.now() - since) / 1000);
  }

  recordFinalized(receipt: TransactionReceipt, slot: OpenSlot): void {
    const { kind } = slot;
    const tokens = slot.jobs.length;
    this.cost.record(receipt, slot);
    this.metrics.transactionsTotal.inc({ kind, outcome: receipt.succeeded ? 'succeeded' : 'reverted' });
    this.metrics.transactionGasUsed.observe({ kind }, Number(receipt.gasUsed));
    const made = kind === 'deploy' && receipt.succeeded ? tokens : 0;
    for (let token = 0; token < made; token += 1) this.metrics.tokenGasUsed.observe(Number(receipt.gasUsed) / tokens);
    const fee = receipt.gasUsed * receipt.gasPrice + receipt.layerOneFee;
    this.metrics.transactionFeeEther.observe({ kind }, Number(formatEther(fee)));
  }
}
