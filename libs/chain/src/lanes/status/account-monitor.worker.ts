import { Injectable } from '@nestjs/common';
import { PollingLoop, sleep } from '#core';
import { ChainHead } from '../../head/chain-head.worker.js';
import { DelegatedAccounts } from './delegated-accounts.service.js';
import { LaneMetrics } from './lane-metrics.service.js';
import { ChainReader } from '../../rpc/chain-reader.js';

const REFRESH_INTERVAL_MS = 5_000;

/** Refreshes balance and nonce metrics of the signer accounts, so that a scrape never waits for RPC. */
@Injectable()
export class AccountMonitor {
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private addresses: readonly string[] = [];

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly metrics: LaneMetrics,
    private readonly delegated: DelegatedAccounts,
  ) {}

  start(addresses: readonly string[]): void {
    this.addresses = addresses;
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    if (this.head.current) {
      try {
        await Promise.all(this.addresses.map((address) => this.refresh(address)));
        this.metrics.recordAccountsRefreshed();
      } catch {
        // `ChainHead` reports an unavailable RPC. The age of the last refresh is a metric.
      }
    }
    await sleep(REFRESH_INTERVAL_MS, signal);
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
