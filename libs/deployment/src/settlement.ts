import { Injectable, Logger } from '@nestjs/common';
import {
  DeploymentJobs,
  JobOutcomes,
  type JobFinding,
  type JobVerdict,
  type LaneLease,
  MessageQueue,
  type SettledJob,
} from '#core';
import { tokenDeployedEvent } from '#messages';
import { Metrics } from '#telemetry';
import { DeploymentSettings } from './deployment-settings.js';
import { Failures } from './failures.js';
import { MessagesInHand } from './messages-in-hand.js';

/** Turns findings of the chain into events, acknowledged messages and dead letters. */
@Injectable()
export class Settlement extends JobOutcomes {
  private readonly logger = new Logger(Settlement.name);

  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly queue: MessageQueue,
    private readonly failures: Failures,
    private readonly inHand: MessagesInHand,
    private readonly settings: DeploymentSettings,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  override async settle(
    slot: { readonly lease: LaneLease; readonly nonce: number } | null,
    findings: readonly JobFinding[],
  ): Promise<boolean> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage: 'settlement' });
    const settled = await this.jobs.settle(
      slot,
      findings.map((finding) => this.verdict(finding)),
    );
    if (!settled) return false;
    for (const [index, job] of settled.entries()) {
      const finding = findings[index];
      if (finding) await this.conclude(finding, job);
    }
    stop();
    return true;
  }

  override async release(modelIds: readonly string[]): Promise<void> {
    const leases = this.inHand.leasesOf(modelIds);
    await this.queue.settle(leases.map((lease) => ({ lease, settlement: { kind: 'release' } })));
    for (const lease of leases) this.inHand.settled(lease, 'released');
  }

  private verdict(finding: JobFinding): JobVerdict {
    if (!('job' in finding)) return finding;
    const { request } = finding.job;
    const { eventId, event } = tokenDeployedEvent(request, finding.token, this.settings);
    return { kind: 'deployed', modelId: request.record.modelId, token: finding.token, eventId, event };
  }

  private async conclude(finding: JobFinding, settled: SettledJob): Promise<void> {
    switch (finding.kind) {
      case 'deployed':
      case 'adopted':
        this.deployed(finding, settled);
        break;
      case 'failed':
        await this.failed(finding, settled);
        break;
      case 'returned':
        this.logger.warn({ message: 'deployment wants another transaction', model_id: finding.modelId });
    }
  }

  private deployed(
    { kind, job, token }: Extract<JobFinding, { kind: 'deployed' | 'adopted' }>,
    { changed, acknowledged }: SettledJob,
  ): void {
    // The first message of a job made the token; whatever else was attached asked for the same.
    for (const [index, lease] of acknowledged.entries()) {
      this.inHand.settled(lease, changed && index === 0 ? kind : 'duplicate');
    }
    if (!changed) return;
    this.metrics.eventsPublishedTotal.inc();
    this.logger.log({
      message: kind === 'deployed' ? 'token deployed' : 'token adopted',
      message_id: job.request.messageId,
      model_id: job.request.record.modelId,
      token_address: token.tokenAddress,
      transaction_hash: token.transactionHash,
      block_number: token.blockNumber,
      gas_used: token.gasUsed.toString(),
    });
  }

  private async failed(
    { reason, error }: Extract<JobFinding, { kind: 'failed' }>,
    { modelId, detached }: SettledJob,
  ): Promise<void> {
    const job = await this.jobs.find(modelId);
    const transactionHashes = job?.transactionHashes ?? [];
    try {
      await this.failures.settle(detached.map((message) => ({ message, reason, error, transactionHashes })));
    } catch (failure) {
      // The job has let go of them: without a keeper their leases run out, and they come back to open it again.
      for (const { lease } of detached) this.inHand.drop(lease);
      throw failure;
    }
  }
}
