import { Injectable, Logger } from '@nestjs/common';
import { StartupError, HoldRegistry, ProcessExit, sleep } from '#core';
import { ChainConfig, networkSettings, SignerConfig } from '#config';
import { AccountMonitor } from './lanes/status/account-monitor.worker.js';
import { StartupChecks } from './startup/startup-checks.service.js';
import { ChainHead } from './head/chain-head.worker.js';
import { Lane, LaneServices } from './lanes/lifecycle/lane.worker.js';
import { LaneTokenDeployer } from './lanes/lifecycle/lane-token-deployer.adapter.js';
import { LaneSigner } from './lanes/transactions/lane-signer.js';
import { OrphanedLanes } from './lanes/lifecycle/orphaned-lanes.worker.js';
import { RpcPool } from './rpc/pool/rpc-pool.js';

const CHECK_RETRY_MS = 1_000;

/** Starts and stops everything that works on the chain. Nothing is signed before the boot checks have passed. */
@Injectable()
export class ChainService {
  private readonly logger = new Logger(ChainService.name);
  private readonly stopController = new AbortController();
  private pendingChecks: Promise<void> = Promise.resolve();
  private readonly signers: readonly LaneSigner[];

  constructor(
    private readonly rpc: RpcPool,
    private readonly head: ChainHead,
    private readonly checks: StartupChecks,
    private readonly deployer: LaneTokenDeployer,
    private readonly orphanedLanes: OrphanedLanes,
    private readonly accountMonitor: AccountMonitor,
    private readonly laneServices: LaneServices,
    private readonly holds: HoldRegistry,
    private readonly processExit: ProcessExit,
    private readonly config: SignerConfig,
    private readonly chain: ChainConfig,
  ) {
    this.signers = config.privateKeys.map((key) => new LaneSigner(key, chain.chainId));
  }

  /** Returns when the chain was checked, or could not be asked: then the checks go on by themselves. @throws StartupError */
  async start(): Promise<void> {
    const { chain } = this;
    this.logger.log({
      event: 'startup.network',
      message: 'network settings',
      chain_id: chain.chainId,
      ...networkSettings(chain),
    });
    this.rpc.start();
    this.head.start();
    this.accountMonitor.start(this.signers.map((signer) => signer.address));
    this.holds.set('starting', 'the chain has not been checked yet');
    if (await this.runChecks()) return this.startLanes();
    this.pendingChecks = this.retryChecks();
  }

  async stop(): Promise<void> {
    this.stopController.abort();
    await Promise.all([this.deployer.stop(), this.orphanedLanes.stop()]);
    // Whoever asks the chain now, the boot checks among them, does not need the answer any more.
    await Promise.all([this.pendingChecks, this.head.stop(), this.accountMonitor.stop(), this.rpc.stop()]);
  }

  private async retryChecks(): Promise<void> {
    try {
      while (!(await this.runChecks())) {
        await sleep(CHECK_RETRY_MS, this.stopController.signal);
        if (this.stopController.signal.aborted) return;
      }
      this.startLanes();
    } catch (error) {
      this.processExit.exitWith(error instanceof Error ? error : new Error('boot check failed'));
    }
  }

  private async runChecks(): Promise<boolean> {
    try {
      await this.checks.run(this.signers);
      return true;
    } catch (error) {
      if (error instanceof StartupError) throw error;
      if (this.stopController.signal.aborted) return false;
      this.logger.warn({
        event: 'startup.chain_unavailable',
        message: 'chain not checked yet, retrying',
        error: error instanceof Error ? error.message : '',
      });
      return false;
    }
  }

  private startLanes(): void {
    if (this.stopController.signal.aborted) return;
    const { laneServices, config, deployer } = this;
    deployer.start(this.signers.map((signer) => new Lane(signer, config.laneLeaseMs, laneServices, deployer)));
    this.orphanedLanes.start(this.signers.map((signer) => signer.address));
    this.holds.clear('starting');
  }
}
