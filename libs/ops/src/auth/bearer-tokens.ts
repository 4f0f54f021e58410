import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OpsSettings } from '../ops-settings.js';
import type { Scope } from './access.js';

/** Who may do what; the id goes into logs and audit records. */
export interface TokenHolder {
  readonly id: string;
  readonly scope: Scope;
}

/** The configured bearer tokens, kept as digests. */
@Injectable()
export class BearerTokens {
  private readonly known: readonly (TokenHolder & { readonly digest: Buffer })[];

  constructor(settings: OpsSettings) {
    this.known = [
      { id: 'operate', scope: 'operate' as const, token: settings.operateToken },
      { id: 'read', scope: 'read' as const, token: settings.readToken },
    ].flatMap(({ token, ...holder }) => (token === null ? [] : [{ ...holder, digest: digestOf(token) }]));
  }

  get any(): boolean {
    return this.known.length > 0;
  }

  /** Compares with all tokens in a time that does not depend on which one fits, or how far. */
  holderOf(token: string): TokenHolder | null {
    const digest = digestOf(token);
    let holder: TokenHolder | null = null;
    for (const { digest: known, id, scope } of this.known) {
      if (timingSafeEqual(known, digest)) holder ??= { id, scope };
    }
    return holder;
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
