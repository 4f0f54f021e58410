import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ACCESS, type Access } from './access.decorator.js';
import { Authentication } from './authentication.service.js';
import { rememberHolder } from './operator.decorator.js';

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
