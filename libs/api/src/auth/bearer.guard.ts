import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Metrics } from '#telemetry';
import { Problem } from '../common/problem.js';
import { ACCESS, type Access, includesScope, type Scope } from './access.decorator.js';
import { BearerTokens, type TokenHolder } from './bearer-tokens.service.js';
import { FailedAttempts } from './failed-attempts.service.js';
import { rememberHolder } from './operator.js';
import { RequestRate } from './request-rate.service.js';

const REALM = 'Bearer realm="token-deployer"';

/** Authenticates the bearer token (RFC 6750). A route needs scope `operate` unless it declares another access. */
@Injectable()
export class BearerGuard implements CanActivate {
  private readonly logger = new Logger(BearerGuard.name);

  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: BearerTokens,
    private readonly failures: FailedAttempts,
    private readonly rate: RequestRate,
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
    const token = /^Bearer +([\w\-.~+/]+=*) *$/i.exec(request.get('authorization') ?? '')?.[1];
    const holder = token === undefined ? null : this.tokens.holderOf(token);
    if (holder === null) throw this.refuseUnknown(request, token !== undefined);
    if (!includesScope(holder.scope, requiredScope)) {
      const headers = { 'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="${requiredScope}"` };
      throw this.refuse(request, 'forbidden', headers, holder.id);
    }
    const waitMs = this.rate.count(holder.id, requiredScope !== 'read');
    if (waitMs > 0) {
      const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
      throw this.refuse(request, 'rate-limited', headers, holder.id);
    }
    return holder;
  }

  /** Throttles wrong tokens only: strangers at the same address, such as a proxy's, lock out no valid token. */
  private refuseUnknown(request: Request, hasToken: boolean): Problem {
    const address = request.ip ?? 'unknown';
    const waitMs = this.failures.waitMs(address);
    if (waitMs > 0) {
      return this.refuse(request, 'too-many-failures', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    }
    if (!hasToken) return this.refuse(request, 'unauthorized', { 'WWW-Authenticate': REALM });
    this.failures.count(address);
    return this.refuse(request, 'unauthorized', { 'WWW-Authenticate': `${REALM}, error="invalid_token"` });
  }

  private refuse(
    { method, path, ip: address }: Request,
    code: 'unauthorized' | 'forbidden' | 'too-many-failures' | 'rate-limited',
    headers: Record<string, string>,
    actor?: string,
  ): Problem {
    this.metrics.httpAuthFailuresTotal.inc();
    const problem = new Problem(code, { headers });
    const fields = { status: problem.getStatus(), method, path, address, actor };
    this.logger.warn({ event: 'http.access_refused', message: 'access refused', ...fields });
    return problem;
  }
}
