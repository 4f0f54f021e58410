import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Metrics } from '#telemetry';
import { Problem } from '../common/problem.js';
import type { Scope } from './access.decorator.js';
import { BearerTokens, type TokenHolder } from './bearer-tokens.service.js';
import { FailedAttempts } from './failed-attempts.service.js';

const REALM = 'Bearer realm="token-deployer"';

/** Finds out who asks, as RFC 6750 has it. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: BearerTokens,
    private readonly failures: FailedAttempts,
    private readonly metrics: Metrics,
  ) {}

  /** @throws ConfigProblem 401, 403, 429, or 503 when no token is configured */
  admit(request: Request, needed: Scope): TokenHolder {
    if (!this.tokens.any) throw new Problem('ops-api-disabled');
    const address = request.ip ?? 'unknown';
    const waitMs = this.failures.waitMs(address);
    if (waitMs > 0) {
      throw this.refused('too-many-failures', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    }
    const token = bearerTokenOf(request);
    if (token === null) throw this.refused('unauthorized', { 'WWW-Authenticate': REALM });
    const holder = this.tokens.holderOf(token);
    if (holder === null) {
      this.failures.count(address);
      throw this.refused('unauthorized', { 'WWW-Authenticate': `${REALM}, error="invalid_token"` });
    }
    if (needed === 'operate' && holder.scope !== 'operate') {
      throw this.refused('forbidden', {
        'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="operate"`,
      });
    }
    return holder;
  }

  private refused(code: 'unauthorized' | 'forbidden' | 'too-many-failures', headers: Record<string, string>): Problem {
    this.metrics.httpAuthFailuresTotal.inc();
    return new Problem(code, { headers });
  }
}

function bearerTokenOf(request: Request): string | null {
  return /^Bearer +([\w\-.~+/]+=*) *$/i.exec(request.get('authorization') ?? '')?.[1] ?? null;
}
