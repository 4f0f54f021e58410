import { readFile } from 'node:fs/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ContentWatcher } from '#core';
import { Metrics } from '#telemetry';
import { ApiSettings } from '../api-settings.js';
import { type ListedToken, parseTokenList, InvalidTokenListError } from './token-list.js';

/**
 * The tokens of the file that OPS_API_TOKEN_LIST names, read again when it changes. A missing or invalid file changes
 * nothing.
 */
@Injectable()
export class TokenFile implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(TokenFile.name);
  private readonly watcher: ContentWatcher;
  private listed: readonly ListedToken[] = [];

  constructor(
    private readonly settings: ApiSettings,
    private readonly metrics: Metrics,
  ) {
    this.watcher = new ContentWatcher(
      () => this.content(),
      (content) => this.validate(content),
      settings.tokenListPollMs,
    );
  }

  get tokens(): readonly ListedToken[] {
    return this.listed;
  }

  /** The first look is over before the first request comes. */
  async onModuleInit(): Promise<void> {
    this.metrics.opsTokenListValid.set(1);
    if (this.settings.tokenList === null) return;
    await this.watcher.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watcher.stop();
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
