import { Injectable, Logger } from '@nestjs/common';
import type { SignerSource } from '#config';
import { ContentWatcher, PollingLoop } from '#core';
import { digestFiles, keyFilesOf } from '#signing';
import { WakeSignal } from '../common/wake-signal.js';
import { LaneTokenDeployer } from '../lanes/lifecycle/lane-token-deployer.adapter.js';
import { ConfiguredSigners, type OpenedSigners } from './configured-signers.adapter.js';
import { StartupChecks } from './startup-checks.service.js';

const POLL_MS = 1_000;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

interface Attempt {
  /** Monotonic milliseconds. */
  readonly dueAt: number;
  /** Delay after another failure. */
  readonly retryMs: number;
}

/**
 * Opens a signer again when a file of its key changes, and one that was unavailable at the start, until it opens. Then starts
 * the lanes of the new accounts, and retires those of the accounts that the source no longer has.
 */
@Injectable()
export class SignerMonitor {
  private readonly logger = new Logger(SignerMonitor.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private readonly wakeSignal = new WakeSignal();
  private readonly attempts = new Map<SignerSource, Attempt>();
  private readonly watchers: readonly ContentWatcher[];

  constructor(
    private readonly signers: ConfiguredSigners,
    private readonly checks: StartupChecks,
    private readonly deployer: LaneTokenDeployer,
  ) {
    this.watchers = signers.sources
      .filter((source) => keyFilesOf(source).length > 0)
      .map(
        (source) =>
          new ContentWatcher(
            () => digestFiles(keyFilesOf(source)),
            () => this.schedule(source),
            POLL_MS,
          ),
      );
  }

  async start(): Promise<void> {
    const closed = this.signers.sources.filter((source) => this.signers.signersOf(source).length === 0);
    for (const source of closed) this.schedule(source);
    await Promise.all(this.watchers.map((watcher) => watcher.start()));
    this.loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.loop.stop(), ...this.watchers.map((watcher) => watcher.stop())]);
  }

  private schedule(source: SignerSource): void {
    this.attempts.set(source, { dueAt: performance.now(), retryMs: MIN_RETRY_MS });
    this.wakeSignal.notify();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await this.wakeSignal.wait(POLL_MS, signal);
    for (const [source, attempt] of this.attempts) {
      if (signal.aborted) return;
      if (attempt.dueAt > performance.now()) continue;
      const next = await this.refresh(source, attempt, signal);
      // A change during the attempt asks for another one.
      if (this.attempts.get(source) !== attempt) continue;
      if (next === null) this.attempts.delete(source);
      else this.attempts.set(source, next);
    }
  }

  /** Returns the next attempt after a failure. */
  private async refresh(source: SignerSource, { retryMs }: Attempt, signal: AbortSignal): Promise<Attempt | null> {
    try {
      const opened = await this.signers.open(source);
      if (!signal.aborted) await this.use(source, opened, signal);
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      const reason = this.signers.hold(source, error);
      const message = 'signer not opened, retrying';
      this.logger.warn({ event: 'signer.open_failed', message, signer: source.name, error: reason });
      return { dueAt: performance.now() + retryMs, retryMs: Math.min(MAX_RETRY_MS, 2 * retryMs) };
    }
  }

  /** The lane of an account that stays goes on with the signer that it has. */
  private async use(source: SignerSource, opened: OpenedSigners, signal: AbortSignal): Promise<void> {
    const before = this.signers.signersOf(source);
    const kept = opened.signers.map((signer) => before.find(({ address }) => address === signer.address) ?? signer);
    const added = kept.filter((signer) => !before.includes(signer));
    const retired = before.filter((signer) => !kept.includes(signer)).map(({ address }) => address);
    const others = this.signers.addresses.filter((address) => before.every((signer) => signer.address !== address));
    const accounts = added.map(({ address }) => address);
    if (added.length > 0) await this.checks.run(accounts, others);
    if (signal.aborted) return;
    this.signers.use(source, { ...opened, signers: kept });
    this.deployer.add(added);
    for (const address of retired) await this.deployer.retire(address);
    if (added.length + retired.length === 0) return;
    const message = 'accounts of a signer changed';
    this.logger.log({ event: 'signer.changed', message, signer: source.name, added: accounts, retired });
  }
}
