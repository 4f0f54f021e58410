import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AuditTrailModule } from './audit-trail/audit-trail.module.js';
import { AuthModule } from './auth/auth.module.js';
import { IdempotencyInterceptor } from './common/idempotency.interceptor.js';
import { ProblemFilter } from './common/problem.filter.js';
import { RequestValidationPipe } from './common/request-validation.pipe.js';
import { RouteTable } from './common/route-table.js';
import { ConsoleModule } from './console/console.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { DeploymentsModule } from './deployments/deployments.module.js';
import { HealthModule } from './health/health.module.js';
import { LanesModule } from './lanes/lanes.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { PolicyModule } from './policy/policy.module.js';
import { QueuesModule } from './queues/queues.module.js';
import { ReplaysModule } from './replays/replays.module.js';
import { SchemasModule } from './schemas/schemas.module.js';

const DESCRIBED_MODULES: readonly Type[] = [
  HealthModule,
  MetricsModule,
  QueuesModule,
  LanesModule,
  PolicyModule,
  DeploymentsModule,
  DeadLettersModule,
  ReplaysModule,
  AuditTrailModule,
  OpenApiModule,
  SchemasModule,
];

/** Controllers of the operator API, in the order of its description. */
export const API_CONTROLLERS = DESCRIBED_MODULES.flatMap((module) => controllersOf(module));

interface ApiPorts {
  readonly imports?: DynamicModule[];
  readonly providers: Provider[];
}

/** Makes the ports and the settings available to all feature modules. */
@Module({})
class ApiPortsModule {}

/** Health, metrics, operator API and console over HTTP. Call `configureHttp` for what is not a provider. */
@Module({})
export class ApiModule {
  /**
   * @param ports imports: modules of MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys, DeploymentJobs,
   *   TokenLookup, LaneJournal, SpendLedger, SpendRegistry, SignerAccounts, HoldRegistry and ServiceState that are not global; providers: ApiSettings,
   *   ConsoleSettings and DependencyProbes
   */
  static register({ imports = [], providers }: ApiPorts): DynamicModule {
    const ports = { module: ApiPortsModule, global: true, imports, providers, exports: [...imports, ...providers] };
    return {
      module: ApiModule,
      imports: [ports, AuthModule, ...DESCRIBED_MODULES, ConsoleModule],
      providers: [
        { provide: RouteTable, useValue: new RouteTable([...API_CONTROLLERS, ...controllersOf(ConsoleModule)]) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_PIPE, useClass: RequestValidationPipe },
      ],
    };
  }
}

function controllersOf(module: Type): readonly Type[] {
  const controllers: unknown = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module);
  return Array.isArray(controllers) ? controllers.filter((each): each is Type => typeof each === 'function') : [];
}
