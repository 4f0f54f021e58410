import { Injectable, Logger } from '@nestjs/common';
import { DeploymentJobs, LaneJournal, type LaneState, sleep, failpoint } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { LaneQuarantine } from '../status/lane-quarantine.service.js';
import { LaneBackfill } from './lane-backfill.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { compareNonces, type NonceObservation } from './nonce-comparison.js';

const POLL_INTERVAL_MS = 1_000;
/** Looks in a row that must find the same before a next nonce goes back. */
const CHECKS_BEFORE_ROLLBACK = 3;
/** Newest jobs of each state among which the lane's newest token is looked for. */
const MAX_JOBS_PER_STATE = 500;
const STATES_WITH_TOKEN = ['deployed', 'deployed_unregistered'] as const;

/**
 * Makes journal and chain agree on a lane's next nonce before anything is signed. What cannot be settled now keeps the
 * lane in quarantine, and is looked at again and again.
 */
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
   * Returns when the lane may sign, or its tenure is over.
   *
   * @param known the lane in the journal when the tenure began
   * @throws RpcUnavailableError; RedisUnavailableError
   */
  async reconcile(session: LaneSession, known: LaneState): Promise<void> {
    const { address } = session.signer;
    session.signal.addEventListener('abort', () => this.quarantine.remove(address), { once: true });
    for (let checks = 1; !session.ended; checks += 1) {
      const view = await this.observe(session, known);
      const comparison = compareNonces(address, view);
      if (comparison.kind === 'less' && checks < CHECKS_BEFORE_ROLLBACK) {
        await this.quarantineAndWait(session, comparison.detail);
        continue;
      }
      if (comparison.kind === 'wait') {
        checks = 0;
        await this.quarantineAndWait(session, comparison.detail);
        continue;
      }
      if (comparison.kind === 'more') await this.backfill(session, view, comparison.nonce);
      if (comparison.kind !== 'agreed') await this.resetNonce(session, comparison.nonce);
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
    const counts = { next, openSlots: session.slots.all.length, finalBlock, latest, pending };
    if (next === null || pending === next) return { ...counts, final: null, nodeBehind: false };
    const behind = pending < next && finalBlock < (await this.lastKnownBlock(address, known));
    return { ...counts, final: await this.finalNonce(address, finalBlock), nodeBehind: behind };
  }

  /** Null on a young chain, or while the node does not show the state of the final block. */
  private async finalNonce(address: string, finalBlock: number): Promise<number | null> {
    if (finalBlock < 0) return null;
    try {
      return await this.reader.nonce(address, finalBlock);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return null;
    }
  }

  private async quarantineAndWait(session: LaneSession, detail: string): Promise<void> {
    this.quarantine.set(session.signer.address, detail);
    await sleep(POLL_INTERVAL_MS, session.signal);
  }

  private async backfill(session: LaneSession, { finalBlock }: NonceObservation, nonce: number): Promise<void> {
    const { address } = session.signer;
    this.quarantine.set(address, `${address} is being rebuilt from the chain, up to nonce ${nonce}`);
    await this.laneBackfill.backfill(address, session.nextNonce, nonce, finalBlock);
  }

  private async resetNonce(session: LaneSession, nonce: number): Promise<void> {
    if (!(await this.journal.resetNonce(session.lease, nonce))) return session.end();
    failpoint('nonce-reset');
    session.nextNonce = nonce;
    this.logger.log({
      event: 'nonce.reset',
      message: 'next nonce set from the chain',
      lane: session.signer.address,
      nonce,
    });
  }

  /** The newest block of which the ledger knows that the lane has a transaction in it or below; -1 when it knows none. */
  private async lastKnownBlock(lane: string, { closedBlock }: LaneState): Promise<number> {
    const pages = await Promise.all(
      STATES_WITH_TOKEN.map((state) => this.jobs.list({ limit: MAX_JOBS_PER_STATE, state })),
    );
    const tokens = pages.flatMap(({ items }) => items.flatMap(({ token }) => token ?? []));
    const made = tokens.filter(({ deployerAddress }) => deployerAddress === lane).map(({ blockNumber }) => blockNumber);
    return Math.max(closedBlock ?? -1, ...made);
  }
}
