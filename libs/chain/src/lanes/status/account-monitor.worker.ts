import { Injectable } from '@nestjs/common';
import { PollingLoop, SignerAccounts, sleep } from '#core';
import { ChainConfig } from '#config';
import { ChainHead } from '../../head/chain-head.worker.js';
import { DelegatedAccounts } from './delegated-accounts.service.js';
import { LaneMetrics } from './lane-metrics.service.js';
import { ChainReader } from '../../rpc/chain-reader.js';

/** Minimum time between two refreshes. */
const REFRESH_INTERVAL_MS = 5_000;
/** Maximum time between two refreshes, while no transaction waits for a block. The alert on stale gauges waits for two minutes. */
const MAX_INTERVAL_MS = 90_000;
/** Blocks between two refreshes, while no transaction waits for one. */
const QUIET_BLOCKS = 8;

/**
 * Refreshes balance and nonce metrics of the signer accounts, so that a scrape never waits for RPC: once per head while
 * transactions wait for one.
 */
@Injectable()
export class AccountMonitor {
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Accounts of the last refresh. */
  private shown: readonly string[] = [];
  /** Head and monotonic time of the last complete refresh. */
  private refreshed: { readonly head: string; readonly at: number } | null = null;

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly metrics: LaneMetrics,
    private readonly delegated: DelegatedAccounts,
    private readonly config: ChainConfig,
    private readonly accounts: SignerAccounts,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    const head = this.head.current;
    const { addresses } = this.accounts;
    this.removeGone(addresses);
    if (head && this.isDue(head.block.hash)) {
      const at = performance.now();
      try {
        await Promise.all(addresses.map((address) => this.refresh(address)));
        this.metrics.recordAccountsRefreshed();
        this.refreshed = { head: head.block.hash, at };
      } catch {
        // `ChainHead` reports an unavailable RPC. The age of the last refresh is a metric.
      }
    }
    await sleep(REFRESH_INTERVAL_MS, signal);
  }

  /** An account that no longer sends must not page. A new one is refreshed at once. */
  private removeGone(addresses: readonly string[]): void {
    for (const address of this.shown.filter((account) => !addresses.includes(account))) {
      this.metrics.removeAccount(address);
      this.delegated.remove(address);
    }
    if (addresses.some((account) => !this.shown.includes(account))) this.refreshed = null;
    this.shown = addresses;
  }

  private isDue(head: string): boolean {
    if (this.refreshed === null) return true;
    const quietMs = Math.min(MAX_INTERVAL_MS, QUIET_BLOCKS * this.config.blockTimeMs);
    if (performance.now() - this.refreshed.at >= quietMs) return true;
    return this.head.isAwaited && this.refreshed.head !== head;
  }

  private async refresh(address: string): Promise<void> {
    const [balance, nonces, code] = await Promise.all([
      this.reader.balance(address),
      this.reader.nonces(address),
      this.reader.code(address),
    ]);
    this.delegated.update(address, code);
    this.metrics.recordAccount(address, balance, nonces);
    this.metrics.recordRunway(address, balance, this.head.current?.block.baseFeePerGas ?? 0n);
  }
}
