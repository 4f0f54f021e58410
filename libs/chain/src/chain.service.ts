import { Injectable, Logger } from '@nestjs/common';
import { HoldError, StartupError, HoldRegistry, ProcessExit, sleep } from '#core';
import { ChainConfig, networkSettings } from '#config';
import { AccountMonitor } from './lanes/status/account-monitor.worker.js';
import { ConfiguredSigners } from './startup/configured-signers.adapter.js';
import { SignerMonitor } from './startup/signer-monitor.worker.js';
import { StartupChecks } from './startup/startup-checks.service.js';
import { ChainHead } from './head/chain-head.worker.js';
import { LaneTokenDeployer } from './lanes/lifecycle/lane-token-deployer.adapter.js';
import { OrphanedLanes } from './lanes/lifecycle/orphaned-lanes.worker.js';
import { SpendMonitor } from './spending/spend-monitor.worker.js';
import { RpcPool } from './rpc/pool/rpc-pool.js';

const CHECK_RETRY_MS = 1_000;
/** Source of the holds of the startup checks. */
const SOURCE = 'startup';

/** Starts and stops all workers on the chain. Lanes start only after the startup checks have passed. */
@Injectable()
export class ChainService {
  private readonly logger = new Logger(ChainService.name);
  private readonly stopController = new AbortController();
  private pendingChecks: Promise<void> = Promise.resolve();

  constructor(
    private readonly rpc: RpcPool,
    private readonly head: ChainHead,
    private readonly signers: ConfiguredSigners,
    private readonly checks: StartupChecks,
    private readonly deployer: LaneTokenDeployer,
    private readonly orphanedLanes: OrphanedLanes,
    private readonly accountMonitor: AccountMonitor,
    private readonly spendMonitor: SpendMonitor,
    private readonly signerMonitor: SignerMonitor,
    private readonly holds: HoldRegistry,
    private readonly processExit: ProcessExit,
    private readonly chain: ChainConfig,
  ) {}

  /**
   * Returns after the first run of the startup checks. While RPC is unavailable, they are retried in the background.
   *
   * @throws StartupError when a check fails
   */
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
    this.spendMonitor.start();
    this.holds.set('starting', 'the chain has not been checked yet');
    if (await this.runChecks()) return await this.startLanes();
    this.pendingChecks = this.retryChecks();
  }

  async stop(): Promise<void> {
    this.stopController.abort();
    const signersStopped = this.signerMonitor.stop();
    await Promise.all([this.deployer.stop(), this.orphanedLanes.stop()]);
    // Stopping the pool last aborts the requests that are still pending.
    const workers = [this.head, this.accountMonitor, this.spendMonitor, this.rpc];
    await Promise.all([this.pendingChecks, signersStopped, ...workers.map((worker) => worker.stop())]);
  }

  private async retryChecks(): Promise<void> {
    try {
      while (!(await this.runChecks())) {
        await sleep(CHECK_RETRY_MS, this.stopController.signal);
        if (this.stopController.signal.aborted) return;
      }
      await this.startLanes();
    } catch (error) {
      this.processExit.exitWith(error instanceof Error ? error : new Error('startup check failed'));
    }
  }

  private async runChecks(): Promise<boolean> {
    try {
      await this.signers.openAll();
      this.holds.clear('signer_unavailable', SOURCE);
      await this.checks.run(this.signers.addresses);
      return true;
    } catch (error) {
      if (error instanceof StartupError) throw error;
      if (error instanceof HoldError) this.holds.set(error.reason, error.message, SOURCE);
      if (this.stopController.signal.aborted) return false;
      const reason = error instanceof Error ? error.message : '';
      this.logger.warn({
        event: 'startup.chain_unavailable',
        message: 'chain not checked yet, retrying',
        error: reason,
      });
      return false;
    }
  }

  private async startLanes(): Promise<void> {
    if (this.stopController.signal.aborted) return;
    this.accountMonitor.start();
    this.deployer.start(this.signers.signers);
    this.orphanedLanes.start();
    this.holds.clear('starting');
    await this.signerMonitor.start();
  }
}
