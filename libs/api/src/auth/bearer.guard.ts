import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Metrics } from '#telemetry';
import { Problem } from '../common/problem.js';
import { ACCESS, type Access, type Scope } from './access.decorator.js';
import { BearerTokens, type TokenHolder } from './bearer-tokens.service.js';
import { FailedAttempts } from './failed-attempts.service.js';
import { rememberHolder } from './operator.js';

const REALM = 'Bearer realm="token-deployer"';

/** Authenticates the bearer token (RFC 6750). A route needs scope `operate` unless it declares another access. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: BearerTokens,
    private readonly failures: FailedAttempts,
    private readonly metrics: Metrics,
  ) {}

  /** @throws Problem 401, 403, 429, or 503 when no token is configured */
  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler()) ?? 'operate';
    if (access === 'open') return true;
    const request = context.switchToHttp().getRequest<Request>();
    rememberHolder(request, this.authenticate(request, access));
    return true;
  }

  private authenticate(request: Request, requiredScope: Scope): TokenHolder {
    if (!this.tokens.any) throw new Problem('ops-api-disabled');
    const address = request.ip ?? 'unknown';
    const waitMs = this.failures.waitMs(address);
    if (waitMs > 0) {
      throw this.refuse('too-many-failures', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    }
    const token = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw this.refuse('unauthorized', { 'WWW-Authenticate': REALM });
    const holder = this.tokens.holderOf(token);
    if (holder === null) {
      this.failures.count(address);
      throw this.refuse('unauthorized', { 'WWW-Authenticate': `${REALM}, error="invalid_token"` });
    }
    if (requiredScope === 'operate' && holder.scope !== 'operate') {
      throw this.refuse('forbidden', {
        'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="operate"`,
      });
    }
    return holder;
  }

  private refuse(code: 'unauthorized' | 'forbidden' | 'too-many-failures', headers: Record<string, string>): Problem {
    this.metrics.httpAuthFailuresTotal.inc();
    return new Problem(code, { headers });
  }
}
