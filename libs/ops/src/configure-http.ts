import type { NestExpressApplication } from '@nestjs/platform-express';
import { Metrics, RequestContext } from '#telemetry';
import { acceptJsonOnly, identifyRequest, measureRequest } from './http/middleware.js';
import { nameReplica } from './http/name-replica.js';
import { acceptPlainJsonOnly } from './http/plain-json.js';
import { RouteTable } from './http/route-table.js';
import { refuseInProblems } from './http/server-refusals.js';

const BODY_LIMIT = '64kb';

/** Everything about HTTP that is not a provider. Tests and production both call it, before `init` or `listen`. */
export function configureHttp(app: NestExpressApplication): void {
  refuseInProblems(app.getHttpServer());
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(identifyRequest(app.get(RequestContext)));
  app.use(nameReplica);
  app.use(measureRequest(app.get(Metrics), app.get(RouteTable)));
  app.use(acceptJsonOnly);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.use(acceptPlainJsonOnly);
}
