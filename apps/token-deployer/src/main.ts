import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HttpConfig, InvalidEnvironment } from '#config';
import { useFastKeccak } from '#contracts';
import { BootRefused } from '#core';
import { AppModule } from './app.module.js';
import { configureApp } from './configure-app.js';
import { armCrashSwitch } from './crash-switch.js';
import { Lifecycle } from './lifecycle.js';
import { endOnSignals } from './signals.js';

async function main(): Promise<void> {
  armCrashSwitch(process.env);
  await useFastKeccak();
  const app = await NestFactory.create<NestExpressApplication>(await AppModule.forRoot(), { bufferLogs: true });
  configureApp(app);
  endOnSignals(app);
  await app.listen(app.get(HttpConfig).port);
  await app.get(Lifecycle).start();
  new Logger('main').log({ message: 'service started', url: await app.getUrl() });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

/** What the operator can mend is one sentence; anything else is a fault of ours and shows where. */
function sentenceOf(error: unknown): string {
  if (error instanceof InvalidEnvironment || error instanceof BootRefused) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : 'the service could not start';
}
