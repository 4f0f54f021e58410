import { Injectable, Logger } from '@nestjs/common';
import { DeploymentJobs, LaneJournal, type LaneState, sleep, failpoint } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { LaneQuarantine } from '../status/lane-quarantine.service.js';
import { LaneBackfill } from './lane-backfill.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { compareNonces, type NonceObservation } from './nonce-comparison.js';

const POLL_INTERVAL_MS = 1_000;
/** Consecutive checks that must agree before the next nonce is rolled back. */
const CHECKS_BEFORE_ROLLBACK = 3;
/** Number of latest jobs of each state that are searched for the lane's latest token. */
const MAX_JOBS_PER_STATE = 500;
const STATES_WITH_TOKEN = ['deployed', 'deployed_unregistered'] as const;

/** Reconciles a lane's next nonce between journal and chain before it signs. A mismatch keeps the lane in quarantine. */
@Injectable()
export class NonceReconciler {
  private readonly logger = new Logger(NonceReconciler.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly jobs: DeploymentJobs,
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly laneBackfill: LaneBackfill,
    private readonly quarantine: LaneQuarantine,
  ) {}

  /**
   * Returns when the lane may sign, or its session ended.
   *
   * @param known state of the lane in the journal at the start of the session
   * @throws RpcUnavailableError; RedisUnavailableError
   */
  async reconcile(session: LaneSession, known: LaneState): Promise<void> {
    const { address } = session.signer;
    session.signal.addEventListener('abort', () => this.quarantine.remove(address), { once: true });
    for (let checks = 1; !session.ended; checks += 1) {
      const view = await this.observe(session, known);
      const comparison = compareNonces(address, view);
      const unconfirmed = comparison.kind === 'journal-ahead' && checks < CHECKS_BEFORE_ROLLBACK;
      if (comparison.kind === 'wait' || unconfirmed) {
        if (comparison.kind === 'wait') checks = 0;
        this.quarantine.set(address, comparison.detail);
        await sleep(POLL_INTERVAL_MS, session.signal);
        continue;
      }
      if (comparison.kind === 'chain-ahead') {
        this.quarantine.set(address, `${address} is being backfilled from the chain, up to nonce ${comparison.nonce}`);
        await this.laneBackfill.backfill(address, session.nextNonce, comparison.nonce, view.finalBlock);
      }
      if (comparison.kind !== 'in-sync') await this.resetNonce(session, comparison.nonce);
      break;
    }
    if (session.ended) return;
    this.quarantine.clear(address);
    failpoint('recovered');
  }

  private async observe(session: LaneSession, known: LaneState): Promise<NonceObservation> {
    const { address } = session.signer;
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const { latest, pending } = await this.reader.nonces(address);
    const next = known.nextNonce === null ? null : session.nextNonce;
    const counts = {
      next,
      openSlots: session.slots.all.length + session.unreadableSlots.length,
      finalBlock,
      latest,
      pending,
    };
    if (next === null || pending === next) return { ...counts, final: null, nodeBehind: false };
    const nodeBehind = pending < next && finalBlock < (await this.lastKnownBlock(address, known));
    const final = finalBlock < 0 ? null : await this.reader.nonceAt(address, finalBlock);
    return { ...counts, final, nodeBehind };
  }

  private async resetNonce(session: LaneSession, nonce: number): Promise<void> {
    if (!(await this.journal.resetNonce(session.lease, nonce))) return session.end();
    failpoint('nonce-reset');
    session.nextNonce = nonce;
    const message = 'next nonce set from the chain';
    this.logger.log({ event: 'nonce.reset', message, lane: session.signer.address, nonce });
  }

  /** Returns the latest block in which the ledger knows a transaction of the lane. -1 when there is none. */
  private async lastKnownBlock(lane: string, { closedBlock }: LaneState): Promise<number> {
    const pages = await Promise.all(
      STATES_WITH_TOKEN.map((state) => this.jobs.list({ limit: MAX_JOBS_PER_STATE, state })),
    );
    const tokens = pages.flatMap(({ items }) => items.flatMap(({ token }) => token ?? []));
    const made = tokens.filter(({ deployerAddress }) => deployerAddress === lane).map(({ blockNumber }) => blockNumber);
    return Math.max(closedBlock ?? -1, ...made);
  }
}
