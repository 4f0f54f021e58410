import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AuditController } from './audit-trail/audit.controller.js';
import { Authentication } from './auth/authentication.service.js';
import { BearerGuard } from './auth/bearer.guard.js';
import { BearerTokens } from './auth/bearer-tokens.service.js';
import { FailedAttempts } from './auth/failed-attempts.service.js';
import { OperatorActions } from './auth/operator-actions.service.js';
import { TokenFile } from './auth/token-file.worker.js';
import { ConsoleController } from './console/console.controller.js';
import { ConsoleFiles } from './console/console-files.service.js';
import { DeadLetterOperationsController } from './dead-letters/dead-letter-operations.controller.js';
import { DeadLetterOperations } from './dead-letters/dead-letter-operations.service.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { ModelStatusService } from './dead-letters/model-status.service.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { ComponentHealth } from './health/component-states.health.js';
import { HealthController } from './health/health.controller.js';
import { HealthReport } from './health/health-report.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { QueueStatsReader } from './health/queue-stats.service.js';
import { ReadinessFacts } from './health/readiness-facts.js';
import { Readiness } from './health/readiness.health.js';
import { HealthSnapshotService } from './health/health-snapshot.service.js';
import { IdempotencyInterceptor } from './common/idempotency.interceptor.js';
import { ProblemFilter } from './common/problem.filter.js';
import { RequestValidationPipe } from './common/request-validation.pipe.js';
import { RouteTable } from './common/route-table.js';
import { LanesController } from './lanes/lanes.controller.js';
import { ApiDescription } from './openapi/api-description.service.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { PauseController } from './queues/pause.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { DeployedModels } from './replays/deployed-models.service.js';
import { ReplayEligibilityService } from './replays/replay-eligibility.service.js';
import { ReplayService } from './replays/replay.service.js';
import { ReplayExecutor } from './replays/replay-executor.js';
import { ReplayOutcomes } from './replays/replay-outcomes.service.js';
import { ReplayPreview } from './replays/replay-preview.service.js';
import { ReplayWorker } from './replays/replay.worker.js';
import { ReplaysController } from './replays/replays.controller.js';

/** What the API's description says. */
export const API_CONTROLLERS = [
  HealthController,
  MetricsController,
  QueuesController,
  LanesController,
  PauseController,
  DeploymentsController,
  DeadLettersController,
  ReplaysController,
  DeadLetterOperationsController,
  AuditController,
  OpenApiController,
];

const CONTROLLERS = [...API_CONTROLLERS, ConsoleController];

const SERVICES = [
  ApiDescription,
  Authentication,
  BearerTokens,
  FailedAttempts,
  TokenFile,
  ComponentHealth,
  ConsoleFiles,
  HealthReport,
  QueueStatsReader,
  Readiness,
  ReadinessFacts,
  HealthSnapshotService,
  OperatorActions,
  DeadLetterOperations,
  ModelStatusService,
  DeployedModels,
  ReplayEligibilityService,
  ReplayService,
  ReplayExecutor,
  ReplayOutcomes,
  ReplayPreview,
  ReplayWorker,
];

/** Health, metrics and the operator API over HTTP. The application calls `configureHttp` as well. */
@Module({})
export class ApiModule {
  /**
   * @param ports where MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys, DeploymentJobs, TokenLookup,
   *   LaneJournal, SignerAccounts, Holds and ServiceState come from, unless their modules are global; and, as providers,
   *   ApiSettings, ConsoleSettings and DependencyProbes
   */
  static register(ports: Pick<ModuleMetadata, 'imports' | 'providers'>): DynamicModule {
    return {
      module: ApiModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(ports.imports ?? [])],
      controllers: CONTROLLERS,
      providers: [
        { provide: RouteTable, useValue: new RouteTable(CONTROLLERS) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: BearerGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_PIPE, useClass: RequestValidationPipe },
        ...SERVICES,
        ...(ports.providers ?? []),
      ],
    };
  }
}
