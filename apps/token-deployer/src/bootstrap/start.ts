import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { deleteSecrets, exposedSecretFiles, HttpConfig } from '#config';
import { useFastKeccak } from '#contracts';
import { configureHttp, HardenedExpressAdapter } from '#api';
import { JsonLogger } from '#telemetry';
import { AppModule } from '../app.module.js';
import { armFailpoints } from './failpoint-switch.js';
import { FatalErrorHandler } from './fatal-error-handler.js';
import { AppLifecycleService } from '../app-lifecycle.service.js';
import { enableGracefulShutdown } from './graceful-shutdown.js';

async function main(): Promise<void> {
  const logger = new Logger('main');
  armFailpoints(process.env);
  await useFastKeccak();
  const app = await NestFactory.create<NestExpressApplication>(
    await AppModule.forRoot(),
    new HardenedExpressAdapter(),
    {
      bufferLogs: true,
      // Nest would print the whole error.
      abortOnError: false,
    },
  );
  deleteSecrets(process.env);
  app.useLogger(app.get(JsonLogger));
  for (const file of exposedSecretFiles(process.env))
    logger.warn({ event: 'startup.secret_file_exposed', message: 'secret file readable by other users', ...file });
  configureHttp(app);
  enableGracefulShutdown(app);
  await app.listen(app.get(HttpConfig).port);
  await app.get(AppLifecycleService).start();
  logger.log({ event: 'service.started', message: 'service started', url: await app.getUrl() });
}

const fatalErrors = new FatalErrorHandler(process.env);
fatalErrors.register();
main().catch((error: unknown) => {
  fatalErrors.handleBootstrapError(error);
  process.exit(1);
});
