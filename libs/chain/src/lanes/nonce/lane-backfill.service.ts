import { Injectable, Logger } from '@nestjs/common';
import { type ChainJob, DeploymentJobs, type JobResult, JobResultHandler, JobRestoration } from '#core';
import { Metrics } from '#telemetry';
import { LaneTransactionFinder } from '../../history/lane-transaction-finder.service.js';
import { TokenRestorer } from '../../history/token-restorer.port.js';
import { ChainReader, type MinedTransaction } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';

/** Restores jobs from mined transactions of a lane that are missing in its journal. */
@Injectable()
export class LaneBackfill {
  private readonly logger = new Logger(LaneBackfill.name);

  constructor(
    private readonly transactionFinder: LaneTransactionFinder,
    private readonly tokenRestorer: TokenRestorer,
    private readonly restoration: JobRestoration,
    private readonly jobs: DeploymentJobs,
    private readonly outcomes: JobResultHandler,
    private readonly reader: ChainReader,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Restores the tokens of the transactions with nonces in `[from, to)`, which must be final at `finalBlock`, as deployed
   * jobs with their events. Skips open jobs, which find their tokens by themselves. Idempotent.
   *
   * @throws RpcUnavailableError
   */
  async backfill(lane: string, from: number, to: number, finalBlock: number): Promise<void> {
    const message = 'rebuilding lane from the chain';
    this.logger.warn({ event: 'lane.backfill_started', message, lane, from_nonce: from, to_nonce: to });
    let tokens = 0;
    for await (const jobs of this.jobPages(lane, from, to, finalBlock)) {
      tokens += jobs.length;
      await this.restore(jobs);
    }
    this.logger.warn({ event: 'lane.backfilled', message: 'lane rebuilt', lane, next_nonce: to, tokens });
  }

  private async *jobPages(
    lane: string,
    from: number,
    to: number,
    finalBlock: number,
  ): AsyncIterable<readonly ChainJob[]> {
    let next = from;
    try {
      for await (const page of this.transactionFinder.findMined(lane, from, to, finalBlock)) {
        yield await this.jobsOfPage(lane, page);
        next = (page.at(-1)?.nonce ?? next) + 1;
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // A node that has pruned the state still has the events.
      const message = 'node lacks historical state, reading all events';
      this.logger.warn({ event: 'lane.backfill_by_events', message, lane, nonce: next });
      yield* this.tokenRestorer.jobsOfDeployer(lane, finalBlock);
    }
  }

  private async jobsOfPage(lane: string, page: readonly MinedTransaction[]): Promise<readonly ChainJob[]> {
    const own = page.filter(({ to, data }) => this.tokenRestorer.isOwnCall(to, data));
    const foreign = page.filter((transaction) => !own.includes(transaction) && !isNoop(transaction, lane));
    for (const { nonce, hash } of foreign) {
      const message = 'unknown transaction from lane account';
      this.logger.error({ event: 'transaction.foreign_seen', message, lane, nonce, transaction_hash: hash });
      this.metrics.transactionsTotal.inc({ kind: 'foreign', outcome: 'foreign' });
    }
    const receipts = await this.reader.receipts(own.map(({ hash }) => hash));
    const known = receipts.filter((receipt) => receipt !== null);
    if (known.length < own.length)
      throw this.reader.contradiction('eth_getTransactionReceipt', 'null for a mined transaction');
    return await this.tokenRestorer.jobsFromReceipts(known);
  }

  private async restore(found: readonly ChainJob[]): Promise<void> {
    const outcomes = await this.restoration.restore(found);
    const findings: JobResult[] = [];
    for (const [index, { request, token }] of found.entries()) {
      const { modelId } = request.record;
      if (outcomes[index] === 'open') continue;
      if (outcomes[index] === 'differs') {
        const message = 'ledger has another token';
        this.logger.error({ event: 'job.token_differs', message, model_id: modelId, token: token.tokenAddress });
        continue;
      }
      const job = await this.jobs.find(modelId);
      if (job?.eventId === null) findings.push({ kind: 'adopted', job, token });
    }
    if (findings.length > 0) await this.outcomes.complete(null, findings);
  }
}

/** Whether the transaction filled a nonce gap. */
function isNoop({ to, data }: MinedTransaction, lane: string): boolean {
  return to?.toLowerCase() === lane.toLowerCase() && data === '0x';
}
