import { readFile } from 'node:fs/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { PollingLoop, sleep } from '#core';
import { Metrics } from '#telemetry';
import { ApiSettings } from '../api-settings.js';
import { type ListedToken, parseTokenList, InvalidTokenListError } from './token-list.js';

/**
 * The tokens of the file that OPS_API_TOKEN_LIST names. Its content is looked at again and again, so that no way to replace
 * it is missed, the swapped links of a Kubernetes volume included. A change counts when two looks in a row agree; a file that
 * is gone or not right changes nothing.
 */
@Injectable()
export class TokenFile implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(TokenFile.name);
  private readonly loop = new PollingLoop(async (signal) => await this.tick(signal));
  private listed: readonly ListedToken[] = [];
  private latest: string | null = null;
  private lastValidated: string | null | undefined;

  constructor(
    private readonly settings: ApiSettings,
    private readonly metrics: Metrics,
  ) {}

  get tokens(): readonly ListedToken[] {
    return this.listed;
  }

  /** The first look is over before the first request comes. */
  async onModuleInit(): Promise<void> {
    this.metrics.opsTokenListValid.set(1);
    if (this.settings.tokenList === null) return;
    this.latest = await this.content();
    this.validate(this.latest);
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await sleep(this.settings.tokenListPollMs, signal);
    const content = await this.content();
    if (content === this.latest && content !== this.lastValidated) this.validate(content);
    this.latest = content;
  }

  /** Null when it cannot be read. */
  private async content(): Promise<string | null> {
    try {
      return await readFile(this.settings.tokenList ?? '', 'utf8');
    } catch {
      return null;
    }
  }

  private validate(content: string | null): void {
    this.lastValidated = content;
    try {
      if (content === null) throw new InvalidTokenListError('the file must be readable', 0);
      this.listed = parseTokenList(content);
      this.metrics.opsTokenListValid.set(1);
      this.logger.log({
        event: 'operator_tokens.loaded',
        message: 'operator tokens loaded',
        tokens: this.listed.length,
      });
    } catch (error) {
      if (!(error instanceof InvalidTokenListError)) throw error;
      this.metrics.opsTokenListValid.set(0);
      const { message: expectation, line } = error;
      const kept = this.listed.length;
      this.logger.error({
        event: 'operator_tokens.invalid',
        message: 'invalid token list, keeping the previous one',
        expectation,
        line,
        kept,
      });
    }
  }
}
