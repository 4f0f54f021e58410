import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp } from '#api';
import { JsonLogger } from '#telemetry';

/** Configures the application for production and tests. */
export function configureApp(app: NestExpressApplication): void {
  app.useLogger(app.get(JsonLogger));
  configureHttp(app);
}
