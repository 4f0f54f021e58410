import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BearerGuard } from './bearer.guard.js';
import { BearerTokens } from './bearer-tokens.service.js';
import { FailedAttempts } from './failed-attempts.service.js';
import { OperatorActions } from './operator.js';
import { RequestRate } from './request-rate.service.js';
import { TokenFile } from './token-file.worker.js';

@Module({
  providers: [
    { provide: APP_GUARD, useClass: BearerGuard },
    BearerTokens,
    FailedAttempts,
    OperatorActions,
    RequestRate,
    TokenFile,
  ],
  exports: [BearerTokens, OperatorActions],
})
export class AuthModule {}
