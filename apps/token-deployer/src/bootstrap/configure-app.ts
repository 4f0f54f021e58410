import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp } from '#api';
import { JsonLogger } from '#telemetry';

/** What production and tests do to the application alike. */
export function configureApp(app: NestExpressApplication): void {
  app.useLogger(app.get(JsonLogger));
  configureHttp(app);
}
