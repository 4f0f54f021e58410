import { Injectable } from '@nestjs/common';
import { Loop, pause } from '#core';
import { ChainHead } from './chain-head.js';
import { LaneGauges } from './lanes/lane-gauges.js';
import { ChainReader } from './rpc/chain-reader.js';

const LOOK_EVERY_MS = 5_000;

/** Keeps the gauges of our accounts true in the background, so that no scrape ever waits for the chain. */
@Injectable()
export class AccountWatch {
  private readonly loop = new Loop((signal) => this.turn(signal));
  private addresses: readonly string[] = [];

  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly gauges: LaneGauges,
  ) {}

  start(addresses: readonly string[]): void {
    this.addresses = addresses;
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    // The head's own loop reports when the chain cannot be asked.
    if (this.head.current) {
      const looks = Promise.all(this.addresses.map((address) => this.look(address)));
      await looks.then(
        () => this.gauges.accountsShown(),
        () => undefined,
      );
    }
    await pause(LOOK_EVERY_MS, signal);
  }

  private async look(address: string): Promise<void> {
    const [balance, latest, pending] = await Promise.all([
      this.reader.balance(address),
      this.reader.nonce(address, 'latest'),
      this.reader.nonce(address, 'pending'),
    ]);
    this.gauges.account(address, balance, latest, pending);
  }
}
