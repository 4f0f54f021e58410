import { Injectable, Logger } from '@nestjs/common';
import { DeploymentJobs, LaneJournal, type LaneState, pause, reached } from '#core';
import { ChainHead } from '../chain-head.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc-errors.js';
import { LaneQuarantine } from './lane-quarantine.js';
import { LaneRebuild } from './lane-rebuild.js';
import type { LaneSession } from './lane-session.js';
import { judgeNonces, type NonceView } from './nonce-verdict.js';

const LOOK_AGAIN_MS = 1_000;
/** Looks in a row that must find the same before a next nonce goes back. */
const LOOKS_FOR_LESS = 3;
/** Newest jobs of each state among which the lane's newest token is looked for. */
const NEWEST_JOBS = 500;
const WITH_TOKEN = ['deployed', 'deployed_unregistered'] as const;

/**
 * Makes journal and chain agree on a lane's next nonce before anything is signed. What cannot be settled now keeps the
 * lane in quarantine, and is looked at again and again.
 */
@Injectable()
export class LaneAlignment {
  private readonly logger = new Logger(LaneAlignment.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly jobs: DeploymentJobs,
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly rebuild: LaneRebuild,
    private readonly quarantine: LaneQuarantine,
  ) {}

  /**
   * Returns when the lane may sign, or its tenure is over.
   *
   * @param known the lane in the journal when the tenure began
   * @throws RpcUnavailable; RedisUnavailable
   */
  async align(session: LaneSession, known: LaneState): Promise<void> {
    const { address } = session.signer;
    session.signal.addEventListener('abort', () => this.quarantine.leave(address), { once: true });
    for (let looks = 1; !session.over; looks += 1) {
      const view = await this.look(session, known);
      const verdict = judgeNonces(address, view);
      if (verdict.kind === 'less' && looks < LOOKS_FOR_LESS) {
        await this.wait(session, verdict.detail);
        continue;
      }
      if (verdict.kind === 'wait') {
        looks = 0;
        await this.wait(session, verdict.detail);
        continue;
      }
      if (verdict.kind === 'more') await this.takeIn(session, view, verdict.nonce);
      if (verdict.kind !== 'agreed') await this.reset(session, verdict.nonce);
      break;
    }
    if (session.over) return;
    this.quarantine.lift(address);
    reached('recovered');
  }

  private async look(session: LaneSession, known: LaneState): Promise<NonceView> {
    const { address } = session.signer;
    const finalBlock = this.head.current?.finalBlock ?? -1;
    const [latest, pending] = [await this.reader.nonce(address, 'latest'), await this.reader.nonce(address, 'pending')];
    const next = known.nextNonce === null ? null : session.nextNonce;
    const counts = { next, openSlots: session.slots.all.length, finalBlock, latest, pending };
    if (next === null || pending === next) return { ...counts, final: null, behind: false };
    const behind = pending < next && finalBlock < (await this.newestBlockOf(address, known));
    return { ...counts, final: await this.finalNonce(address, finalBlock), behind };
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

  private async wait(session: LaneSession, detail: string): Promise<void> {
    this.quarantine.hold(session.signer.address, detail);
    await pause(LOOK_AGAIN_MS, session.signal);
  }

  private async takeIn(session: LaneSession, { finalBlock }: NonceView, nonce: number): Promise<void> {
    const { address } = session.signer;
    this.quarantine.hold(address, `${address} is being rebuilt from the chain, up to nonce ${nonce}`);
    await this.rebuild.takeIn(address, session.nextNonce, nonce, finalBlock);
  }

  private async reset(session: LaneSession, nonce: number): Promise<void> {
    if (!(await this.journal.resetNonce(session.lease, nonce))) return session.end();
    reached('nonce-reset');
    session.nextNonce = nonce;
    this.logger.log({ message: 'next nonce taken from the chain', lane: session.signer.address, nonce });
  }

  /** The newest block of which the ledger knows that the lane has a transaction in it or below; -1 when it knows none. */
  private async newestBlockOf(lane: string, { closedBlock }: LaneState): Promise<number> {
    const pages = await Promise.all(WITH_TOKEN.map((state) => this.jobs.list({ limit: NEWEST_JOBS, state })));
    const tokens = pages.flatMap(({ items }) => items.flatMap(({ token }) => token ?? []));
    const made = tokens.filter(({ deployerAddress }) => deployerAddress === lane).map(({ blockNumber }) => blockNumber);
    return Math.max(closedBlock ?? -1, ...made);
  }
}
