import { Injectable, Logger } from '@nestjs/common';
import { BootRefused, Holds, ServiceRefusal, pause } from '#core';
import { ChainConfig, SignerConfig } from '#config';
import { AccountWatch } from './account-watch.js';
import { BootChecks } from './boot-checks.js';
import { ChainHead } from './chain-head.js';
import { Lane, LaneCrew } from './lanes/lane.js';
import { LaneFleet } from './lanes/lane-fleet.js';
import { LaneSigner } from './lanes/lane-signer.js';
import { WatchedLanes } from './lanes/watched-lanes.js';
import { RpcPool } from './rpc/rpc-pool.js';

const CHECK_AGAIN_MS = 1_000;

/** Starts and stops everything that works on the chain. Nothing is signed before the boot checks have passed. */
@Injectable()
export class ChainRunner {
  private readonly logger = new Logger(ChainRunner.name);
  private readonly ended = new AbortController();
  private boot: Promise<void> = Promise.resolve();
  private readonly signers: readonly LaneSigner[];

  constructor(
    private readonly rpc: RpcPool,
    private readonly head: ChainHead,
    private readonly checks: BootChecks,
    private readonly fleet: LaneFleet,
    private readonly watched: WatchedLanes,
    private readonly accounts: AccountWatch,
    private readonly crew: LaneCrew,
    private readonly holds: Holds,
    private readonly refusal: ServiceRefusal,
    private readonly config: SignerConfig,
    chain: ChainConfig,
  ) {
    this.signers = config.privateKeys.map((key) => new LaneSigner(key, chain.chainId));
  }

  /** Returns when the chain was checked, or could not be asked: then the checks go on by themselves. @throws BootRefused */
  async start(): Promise<void> {
    this.rpc.start();
    this.head.start();
    this.accounts.start(this.signers.map((signer) => signer.address));
    this.holds.hold('starting', 'the chain has not been checked yet');
    if (await this.checked()) return this.open();
    this.boot = this.checkAgain();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await Promise.all([this.fleet.stop(), this.watched.stop()]);
    // Whoever asks the chain now, the boot checks among them, does not need the answer any more.
    await Promise.all([this.boot, this.head.stop(), this.accounts.stop(), this.rpc.stop()]);
  }

  private async checkAgain(): Promise<void> {
    try {
      while (!(await this.checked())) {
        await pause(CHECK_AGAIN_MS, this.ended.signal);
        if (this.ended.signal.aborted) return;
      }
      this.open();
    } catch (error) {
      this.refusal.refuse(error instanceof Error ? error : new Error('boot check failed'));
    }
  }

  private async checked(): Promise<boolean> {
    try {
      await this.checks.run(this.signers);
      return true;
    } catch (error) {
      if (error instanceof BootRefused) throw error;
      if (this.ended.signal.aborted) return false;
      this.logger.warn({
        message: 'the chain cannot be checked yet',
        error: error instanceof Error ? error.message : '',
      });
      return false;
    }
  }

  private open(): void {
    if (this.ended.signal.aborted) return;
    const { crew, config, fleet } = this;
    fleet.start(this.signers.map((signer) => new Lane(signer, config.laneLeaseMs, crew, fleet)));
    this.watched.start(this.signers.map((signer) => signer.address));
    this.holds.lift('starting');
  }
}
