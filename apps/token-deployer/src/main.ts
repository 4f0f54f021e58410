import './early-end.js';
import 'reflect-metadata';
import './heap-growth.js';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HttpConfig } from '#config';
import { useFastKeccak } from '#contracts';
import { BoundedListener } from '#ops';
import { AppModule } from './app.module.js';
import { configureApp } from './configure-app.js';
import { armCrashSwitch } from './crash-switch.js';
import { LastWords } from './last-words.js';
import { Lifecycle } from './lifecycle.js';
import { endOnSignals } from './signals.js';

async function main(): Promise<void> {
  armCrashSwitch(process.env);
  await useFastKeccak();
  const app = await NestFactory.create<NestExpressApplication>(await AppModule.forRoot(), new BoundedListener(), {
    bufferLogs: true,
    // Nest would print the error whole.
    abortOnError: false,
  });
  configureApp(app);
  endOnSignals(app);
  await app.listen(app.get(HttpConfig).port);
  await app.get(Lifecycle).start();
  new Logger('main').log({ message: 'service started', url: await app.getUrl() });
}

const lastWords = new LastWords(process.env);
lastWords.endOnUncaught();
try {
  await main();
} catch (error) {
  lastWords.onFailedStart(error);
  process.exit(1);
}
