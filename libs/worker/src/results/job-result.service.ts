import { Injectable, Logger } from '@nestjs/common';
import {
  type ClosedSlot,
  type DeployedToken,
  type DeploymentRecord,
  DeploymentJobs,
  JobResultHandler,
  type JobResult,
  type JobUpdate,
  failpoint,
  type CompletedJob,
} from '#core';
import { type DeploymentSite as EventContext, tokenDeployedEvent, tokenUnregisteredEvent } from '#messages';
import { Metrics } from '#telemetry';
import { WorkerSettings } from '../worker-settings.js';
import { type FailedMessage, FailureHandler } from './failure-handler.service.js';
import { InFlightMessages } from '../consumer/in-flight-messages.js';
import { MessageReleaser } from './message-releaser.service.js';

/** A failed job and its unsettled messages. */
type FailedJob = Extract<JobResult, { kind: 'failed' }> & Pick<CompletedJob, 'detached'>;

type DeployedJob = Extract<JobResult, { readonly job: unknown }>;

const OUTCOMES = { deployed: 'deployed', adopted: 'adopted', unregistered: 'deployed_unregistered' } as const;

const LOG_ENTRIES = {
  deployed: { event: 'token.deployed', message: 'token deployed' },
  adopted: { event: 'token.adopted', message: 'token adopted' },
  unregistered: { event: 'token.deployed_unregistered', message: 'token deployed, pending registration by its owner' },
} as const;

/** Publishes the events of completed jobs and settles their messages. */
@Injectable()
export class JobResultService extends JobResultHandler {
  private readonly logger = new Logger(JobResultService.name);

  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly failures: FailureHandler,
    private readonly releases: MessageReleaser,
    private readonly inHand: InFlightMessages,
    private readonly settings: WorkerSettings,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  override async complete(slot: ClosedSlot | null, findings: readonly JobResult[]): Promise<boolean> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage: 'settlement' });
    const settled = await this.jobs.complete(
      slot,
      findings.map((finding) => this.toUpdate(finding)),
    );
    if (!settled) return false;
    if (findings.some((finding) => 'job' in finding)) failpoint('published');
    const failed: FailedJob[] = [];
    for (const [index, job] of settled.entries()) {
      const finding = findings[index];
      if (finding?.kind === 'failed') failed.push(this.failed(finding, job));
      else if (finding) this.finish(finding, job);
    }
    if (failed.length > 0) failpoint('failed');
    await this.fail(failed);
    this.inHand.readmit(settled.map(({ modelId }) => modelId));
    stop();
    return true;
  }

  override async release(modelIds: readonly string[]): Promise<void> {
    await this.releases.release(this.inHand.leasesOf(modelIds));
  }

  private toUpdate(finding: JobResult): JobUpdate {
    if (!('job' in finding)) return finding.kind === 'advanced' ? { ...finding, kind: 'returned' } : finding;
    const { job, token } = finding;
    const { record } = job.request;
    const found = { modelId: record.modelId, record, token };
    if (finding.kind === 'unregistered') {
      return { kind: finding.kind, ...found, ...tokenUnregisteredEvent(job.request, token, this.siteOf(token)) };
    }
    return { kind: 'deployed', ...found, ...tokenDeployedEvent(job.request, token, this.siteOf(token)) };
  }

  /** The event of a token keeps its id when the queue moves to another contract. */
  private siteOf({ contract = this.settings.contract }: DeployedToken): EventContext {
    const { network, hokusaiNetwork, hasFullEventList, chainId } = this.settings;
    const nameOf = (record: DeploymentRecord) => this.settings.nameOf(record);
    return { network, hokusaiNetwork, hasFullEventList, chainId, contract, nameOf };
  }

  private finish(finding: Exclude<JobResult, { kind: 'failed' }>, settled: CompletedJob): void {
    if ('job' in finding) this.deployed(finding, settled);
    else if (finding.kind === 'advanced')
      this.logger.log({
        event: 'token.awaiting_registration',
        message: 'token awaits registration',
        model_id: finding.modelId,
      });
    else
      this.logger.warn({
        event: 'job.requeued',
        message: 'transaction did not execute the job, requeued',
        model_id: finding.modelId,
      });
  }

  private deployed({ kind, job, token }: DeployedJob, { changed, acknowledged }: CompletedJob): void {
    // The first message counts as deployed; the other attached messages are duplicates.
    for (const [index, lease] of acknowledged.entries()) {
      this.inHand.recordSettlement(
        lease,
        changed ? 'settled' : 'already',
        changed && index === 0 ? OUTCOMES[kind] : 'duplicate',
      );
    }
    if (!changed) return;
    this.metrics.eventsPublishedTotal.inc();
    this.logger.log({
      ...LOG_ENTRIES[kind],
      message_id: job.request.messageId,
      model_id: job.request.record.modelId,
      token_address: token.tokenAddress,
      transaction_hash: token.transactionHash,
      block_number: token.blockNumber,
      gas_used: token.gasUsed.toString(),
    });
  }

  /** Logs the failure of a job without messages. No dead letter would report it. */
  private failed(finding: Extract<JobResult, { kind: 'failed' }>, { changed, detached }: CompletedJob): FailedJob {
    if (changed && detached.length === 0) {
      const { modelId: model_id, reason, error } = finding;
      this.logger.error({
        event: 'job.failed_detached',
        message: 'job failed with no attached message',
        model_id,
        reason,
        detail: error,
      });
    }
    return { ...finding, detached };
  }

  private async fail(failed: readonly FailedJob[]): Promise<void> {
    try {
      const messages = await Promise.all(failed.map((job) => this.attachedMessages(job)));
      await this.failures.settle(messages.flat());
    } catch (error) {
      // The jobs no longer hold these messages. Their leases expire, and the next delivery reopens the jobs.
      for (const { lease } of failed.flatMap(({ detached }) => detached)) this.inHand.remove(lease);
      throw error;
    }
  }

  private async attachedMessages({ modelId, reason, error, detached }: FailedJob): Promise<readonly FailedMessage[]> {
    if (detached.length === 0) return [];
    const job = await this.jobs.find(modelId);
    const transactionHashes = job?.attempts.map(({ hash }) => hash) ?? [];
    return detached.map((message) => ({ message, reason, error, transactionHashes }));
  }
}
