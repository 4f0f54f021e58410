import { Injectable, Logger } from '@nestjs/common';
import { type Block, HoldRegistry, PollingLoop, sleep } from '#core';
import { ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { Notifier, WakeSignal } from '../common/wake-signal.js';
import { fetchFinalBlock } from './final-block.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcUnavailableError } from '../rpc/rpc.errors.js';

/** Heads are asked for no more often, however many are pushed. */
const MIN_WAIT_MS = 50;
/** Maximum time between two polls, while heads are pushed or nothing waits for one: an outage is noticed within a minute. */
const MAX_WAIT_MS = 30_000;
/** Time without a new head, while transactions wait for one, that is shown; on slow chains a few blocks. */
const STALE_AFTER_MS = 45_000;
const STALE_AFTER_BLOCKS = 4;
/** Source of that hold. It pauses nothing: some chains have blocks only with transactions. */
const SOURCE = 'newest block';

/** The latest block and the finality boundary. */
export interface HeadSnapshot {
  readonly block: Block;
  /** Number of the latest final block. Negative while no block is final. */
  readonly finalBlock: number;
  /** Changes when a head does not descend from the one before: what was mined may have changed. */
  readonly branch: number;
}

/** Polls the latest block, often while transactions wait for it, and sets the hold `rpc_unavailable` while no endpoint answers. */
@Injectable()
export class ChainHead {
  private readonly logger = new Logger(ChainHead.name);
  /** Notifies of every new head. */
  readonly changes = new Notifier();
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Wakes the poll: a lane begins to wait for a head, or one is pushed that a lane waits for. */
  private readonly wake = new WakeSignal();
  /** What waits for a head. Without any, a poll every second block is enough. */
  private readonly waiting = new Set<object>();
  private snapshot: HeadSnapshot | null = null;
  /** Whether the last poll found no block with the tag of `CONFIRMATIONS`. */
  private finalMissing = false;
  /** Monotonic milliseconds of the newest head, or since something waits for one. */
  private staleSince = 0;
  /** Result of the last poll. Start and end of an outage are logged once. */
  private reachable = true;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: ChainConfig,
    private readonly holds: HoldRegistry,
    private readonly metrics: Metrics,
  ) {}

  /** Null until the first block arrived. */
  get current(): HeadSnapshot | null {
    return this.snapshot;
  }

  /** Returns the current snapshot, or reads one from the node. @throws RpcUnavailableError */
  async fetch(): Promise<HeadSnapshot> {
    if (this.snapshot) return this.snapshot;
    return await this.snapshotOf(await this.reader.latestBlock());
  }

  /** Says whether a lane has transactions that wait for a head. */
  setWaiting(lane: object, isWaiting: boolean): void {
    if (isWaiting === this.waiting.has(lane)) return;
    const { changes } = this.reader.pushedHeads;
    if (isWaiting) {
      if (!this.isAwaited) this.staleSince = performance.now();
      this.waiting.add(lane);
      changes.subscribe(this.wake);
      this.wake.notify();
    } else {
      this.waiting.delete(lane);
      // A pushed head that nothing waits for would cost a request a block.
      if (!this.isAwaited) changes.unsubscribe(this.wake);
    }
  }

  /** Whether a lane has transactions that wait for a head. */
  get isAwaited(): boolean {
    return this.waiting.size > 0;
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await this.poll(signal);
    const { pushedHeads } = this.reader;
    const { blockPollIntervalMs, blockTimeMs } = this.config;
    const head = this.snapshot?.block.number;
    const isQuiet = this.reachable && head !== undefined && (!this.isAwaited || pushedHeads.isFollowed(head));
    const waitMs = isQuiet
      ? Math.max(blockPollIntervalMs, Math.min(2 * blockTimeMs, MAX_WAIT_MS))
      : blockPollIntervalMs;
    await sleep(Math.min(MIN_WAIT_MS, waitMs), signal);
    await this.wake.wait(waitMs, signal);
  }

  private async poll(signal: AbortSignal): Promise<void> {
    try {
      const block = await this.reader.latestBlock();
      if (block.hash !== this.snapshot?.block.hash || this.finalMissing) await this.advance(block);
      this.reportStale();
      const { outages } = this.reader;
      if (outages.length > 0) this.holds.set('rpc_unavailable', outages.join('; '));
      else this.holds.clear('rpc_unavailable');
      if (!this.reachable) this.logger.log({ event: 'rpc.restored', message: 'RPC available again' });
      this.reachable = true;
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof RpcUnavailableError ? error.message : 'the latest block cannot be read';
      this.holds.set('rpc_unavailable', reason);
      if (this.reachable)
        this.logger.warn({ event: 'rpc.unavailable', message: 'RPC unavailable, retrying', error: reason });
      this.reachable = false;
    }
  }

  /** A node or gateway may return an old block for ever. */
  private reportStale(): void {
    const { blockTimeMs } = this.config;
    const ageMs = performance.now() - this.staleSince;
    if (!this.isAwaited || ageMs < Math.max(STALE_AFTER_MS, STALE_AFTER_BLOCKS * blockTimeMs))
      return this.holds.withdraw(SOURCE);
    const detail = `eth_getBlockByNumber on ${this.reader.endpointNames}: block ${this.snapshot?.block.number} stays the newest`;
    this.holds.report(SOURCE, 'rpc_unavailable', detail);
  }

  private async advance(block: Block): Promise<void> {
    if (block.hash !== this.snapshot?.block.hash) this.staleSince = performance.now();
    this.snapshot = await this.snapshotOf(block);
    this.metrics.chainHeadBlockNumber.set(block.number);
    this.metrics.chainHeadTimestampSeconds.set(block.timestamp);
    this.metrics.chainBaseFeeGwei.set(Number(block.baseFeePerGas ?? 0n) / 1e9);
    this.changes.notifyAll();
  }

  private async snapshotOf(block: Block): Promise<HeadSnapshot> {
    const { confirmations } = this.config;
    const { number, missing } = await fetchFinalBlock(this.reader, confirmations, block.number);
    this.finalMissing = missing !== null;
    if (missing === null) this.holds.clear('no_final_block');
    else {
      const detail = `CONFIRMATIONS=${confirmations}: there is no ${confirmations} block yet (${missing})`;
      this.holds.set('no_final_block', detail);
    }
    const branch = (this.snapshot?.branch ?? 0) + ((await this.descends(block)) ? 0 : 1);
    return { block, branch, finalBlock: missing === null ? number : (this.snapshot?.finalBlock ?? -1) };
  }

  /** Whether the current head is an ancestor of the block. */
  private async descends(block: Block): Promise<boolean> {
    const before = this.snapshot?.block;
    if (before === undefined || block.hash === before.hash || block.parentHash === before.hash) return true;
    if (block.number <= before.number + 1) return false;
    // No lane has a transaction that another branch could have lost.
    if (!this.isAwaited) return true;
    // Blocks between the two were not seen.
    const same = await this.reader.block(before.number).catch(() => null);
    return same?.hash === before.hash;
  }
}
