import type { NestExpressApplication } from '@nestjs/platform-express';
import { Metrics, RequestContext } from '#telemetry';
import {
  acceptJsonOnly,
  acceptPlainJsonOnly,
  boundConcurrency,
  identifyRequest,
  keepBody,
  measureRequest,
  setReplicaId,
} from './common/request.middleware.js';
import { ApiSettings } from './api-settings.js';
import { RouteTable } from './common/route-table.js';
import { answerClientErrors } from './common/client-error-handler.js';

/** Options of body-parser (https://github.com/expressjs/body-parser#bodyparserjsonoptions). */
const JSON_OPTIONS = { limit: '64kb', verify: keepBody };
/** More than a load balancer opens to one replica. */
const MAX_REQUESTS_PER_ADDRESS = 256;
/** A scrape is the largest answer: hundreds at once would delay the probes. More than a pair of Prometheus servers opens. */
const MAX_SCRAPES_PER_ADDRESS = 16;

/** Configures the HTTP side that is not a provider. Call it before `init` or `listen`. */
export function configureHttp(app: NestExpressApplication): void {
  answerClientErrors(app.getHttpServer());
  app.disable('x-powered-by');
  app.disable('etag');
  // Express believes `X-Forwarded-For` of these addresses only.
  app.set('trust proxy', [...app.get(ApiSettings).trustedProxies]);
  app.use(identifyRequest(app.get(RequestContext)));
  app.use(setReplicaId);
  app.use(measureRequest(app.get(Metrics), app.get(RouteTable)));
  app.use(boundConcurrency(MAX_REQUESTS_PER_ADDRESS));
  app.use('/metrics', boundConcurrency(MAX_SCRAPES_PER_ADDRESS));
  app.use(acceptJsonOnly);
  app.useBodyParser('json', JSON_OPTIONS);
  app.use(acceptPlainJsonOnly);
}
