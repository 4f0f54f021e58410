import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Metrics } from '#telemetry';
import { Problem } from '../http/problem.js';
import { ACCESS, type Access, type Scope } from './access.js';
import { BearerTokens, type TokenHolder } from './bearer-tokens.js';
import { FailedAttempts } from './failed-attempts.js';
import { rememberHolder } from './operator.js';

const REALM = 'Bearer realm="token-deployer"';

/** Closed by default: a route that says nothing about access needs a token that may operate. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = this.reflector.get<Access | undefined>(ACCESS, context.getHandler()) ?? 'operate';
    if (needed === 'open') return true;
    const request = context.switchToHttp().getRequest<Request>();
    rememberHolder(request, this.authentication.admit(request, needed));
    return true;
  }
}

/** Finds out who asks, as RFC 6750 has it. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: BearerTokens,
    private readonly failures: FailedAttempts,
    private readonly metrics: Metrics,
  ) {}

  /** @throws Problem 401, 403, 429, or 503 when no token is configured */
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
