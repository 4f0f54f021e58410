import { Injectable, Logger } from '@nestjs/common';
import { type Block, Holds, Loop, pause } from '#core';
import { ChainConfig } from '#config';
import { Metrics } from '#telemetry';
import { Announcer } from './bell.js';
import { finalBlockOf } from './final-block.js';
import { ChainReader } from './rpc/chain-reader.js';
import { RpcUnavailable } from './rpc/rpc-errors.js';

/** The newest block, and how much of the chain counts as final. */
export interface HeadView {
  readonly block: Block;
  /** Number of the newest final block; negative while the chain is younger than that. */
  readonly finalBlock: number;
}

/** Follows the chain's head, and by that knows whether the chain can be asked at all. */
@Injectable()
export class ChainHead {
  private readonly logger = new Logger(ChainHead.name);
  /** Announces every change of the head. */
  readonly changes = new Announcer();
  private readonly loop = new Loop((signal) => this.turn(signal));
  private view: HeadView | null = null;
  /** As of the last look: an outage is logged when it begins and when it ends. */
  private reachable = true;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: ChainConfig,
    private readonly holds: Holds,
    private readonly metrics: Metrics,
  ) {}

  /** Null until the chain has answered once. */
  get current(): HeadView | null {
    return this.view;
  }

  /** For those who cannot wait until it has. @throws RpcUnavailable */
  async ask(): Promise<HeadView> {
    if (this.view) return this.view;
    const block = await this.reader.block('latest');
    if (!block) throw new RpcUnavailable('the node has no newest block');
    return await this.viewOf(block);
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    await this.look(signal);
    await pause(this.config.blockPollIntervalMs, signal);
  }

  private async look(signal: AbortSignal): Promise<void> {
    try {
      const block = await this.reader.block('latest');
      if (block && block.hash !== this.view?.block.hash) await this.advance(block);
      this.holds.lift('rpc_unavailable');
      if (!this.reachable) this.logger.log({ message: 'the chain can be asked again' });
      this.reachable = true;
    } catch (error) {
      if (signal.aborted) return;
      this.holds.hold('rpc_unavailable', 'no RPC endpoint answers');
      if (this.reachable) {
        this.logger.warn({
          message: 'the chain cannot be asked',
          error: error instanceof Error ? error.message : 'unknown',
        });
      }
      this.reachable = false;
    }
  }

  private async advance(block: Block): Promise<void> {
    this.view = await this.viewOf(block);
    this.metrics.chainHeadBlockNumber.set(block.number);
    this.metrics.chainHeadTimestampSeconds.set(block.timestamp);
    this.metrics.chainBaseFeeGwei.set(Number(block.baseFeePerGas ?? 0n) / 1e9);
    this.changes.announce();
  }

  private async viewOf(block: Block): Promise<HeadView> {
    return { block, finalBlock: await finalBlockOf(this.reader, this.config.confirmations, block.number) };
  }
}
