import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AuditController } from './audit/audit.controller.js';
import { Authentication } from './auth/authentication.js';
import { BearerGuard } from './auth/bearer.guard.js';
import { BearerTokens } from './auth/bearer-tokens.js';
import { FailedAttempts } from './auth/failed-attempts.js';
import { OperatorActions } from './auth/operator-action.js';
import { TokenFile } from './auth/token-file.js';
import { ConsoleController } from './console/console.controller.js';
import { ConsoleFiles } from './console/console-files.js';
import { DeadLetterOperationsController } from './dead-letters/dead-letter-operations.controller.js';
import { DeadLetterOperations } from './dead-letters/dead-letter-operations.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { ModelSituation } from './dead-letters/model-situation.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { ComponentStates } from './health/component-states.js';
import { HealthController } from './health/health.controller.js';
import { HealthReport } from './health/health-report.js';
import { MetricsController } from './health/metrics.controller.js';
import { QueueStatsReader } from './health/queue-stats.js';
import { ReadinessFacts } from './health/readiness-facts.js';
import { Readiness } from './health/readiness.js';
import { Situation } from './health/situation.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidation } from './http/request-validation.js';
import { RouteTable } from './http/route-table.js';
import { LanesController } from './lanes/lanes.controller.js';
import { ApiDescription } from './openapi/api-description.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { PauseController } from './queues/pause.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { DeployedModels } from './replays/deployed-models.js';
import { Replayability } from './replays/replayability.js';
import { ReplayDesk } from './replays/replay-desk.js';
import { ReplayExecution } from './replays/replay-execution.js';
import { ReplayOutcomes } from './replays/replay-outcomes.js';
import { ReplayPreview } from './replays/replay-preview.js';
import { ReplayRunner } from './replays/replay-runner.js';
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
  ComponentStates,
  ConsoleFiles,
  HealthReport,
  QueueStatsReader,
  Readiness,
  ReadinessFacts,
  Situation,
  OperatorActions,
  DeadLetterOperations,
  ModelSituation,
  DeployedModels,
  Replayability,
  ReplayDesk,
  ReplayExecution,
  ReplayOutcomes,
  ReplayPreview,
  ReplayRunner,
];

/** Health, metrics and the operator API over HTTP. The application calls `configureHttp` as well. */
@Module({})
export class OpsModule {
  /**
   * @param ports where MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys, DeploymentJobs, ModelTokens,
   *   LaneJournal, DeployingAccounts, Holds and ServiceState come from, unless their modules are global; and, as providers,
   *   OpsSettings, ConsoleSettings and DependencyProbes
   */
  static register(ports: Pick<ModuleMetadata, 'imports' | 'providers'>): DynamicModule {
    return {
      module: OpsModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(ports.imports ?? [])],
      controllers: CONTROLLERS,
      providers: [
        { provide: RouteTable, useValue: new RouteTable(CONTROLLERS) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: BearerGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_PIPE, useClass: RequestValidation },
        ...SERVICES,
        ...(ports.providers ?? []),
      ],
    };
  }
}
