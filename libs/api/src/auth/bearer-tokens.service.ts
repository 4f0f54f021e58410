import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { unixNow } from '#core';
import { ApiSettings } from '../api-settings.js';
import type { Scope } from './access.decorator.js';
import { TokenFile } from './token-file.worker.js';
import type { ListedToken } from './token-list.js';

/** Who may do what; the id goes into logs and audit records. */
export interface TokenHolder {
  readonly id: string;
  readonly scope: Scope;
}

/** All bearer tokens, as digests: the two of the environment, and those of the file. */
@Injectable()
export class BearerTokens {
  private readonly configured: readonly ListedToken[];

  constructor(
    settings: ApiSettings,
    private readonly file: TokenFile,
  ) {
    this.configured = [
      { id: 'operate', scope: 'operate' as const, token: settings.operateToken },
      { id: 'read', scope: 'read' as const, token: settings.readToken },
    ].flatMap(({ token, ...holder }) =>
      token === null ? [] : [{ ...holder, expiresAt: Infinity, digest: digestOf(token) }],
    );
  }

  get any(): boolean {
    return this.configured.length + this.file.tokens.length > 0;
  }

  /** Compares with all tokens, expired ones too, in a time that does not depend on which one fits, or how far. */
  holderOf(token: string): TokenHolder | null {
    const digest = digestOf(token);
    const now = unixNow();
    let holder: TokenHolder | null = null;
    for (const { digest: known, id, scope, expiresAt } of [...this.configured, ...this.file.tokens]) {
      const fits = timingSafeEqual(known, digest);
      if (fits && expiresAt > now) holder ??= { id, scope };
    }
    return holder;
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
