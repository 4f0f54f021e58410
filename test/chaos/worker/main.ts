// The process of one worker: the real adapters of the queue, under a handler that succeeds, fails or stalls at random.
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { RedisDeadLetters, RedisMessageQueue } from '#queue';
import { RedisConnections } from '#redis';
import { COMMAND_TIMEOUT_MS, QUEUE_SETTINGS } from '../chaos-settings.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { ChaosWorker } from './chaos-worker.js';
import { Handler } from './handler.js';
import { Intents } from './intents.js';

Logger.overrideLogger(false);

const name = process.env['CHAOS_WORKER'] ?? '';
const dice = new SeededRandom(`${process.env['CHAOS_SEED'] ?? ''} ${name}`);
const connections = RedisConnections.open({
  url: process.env['CHAOS_REDIS_URL'] ?? '',
  connectTimeoutMs: COMMAND_TIMEOUT_MS,
  commandTimeoutMs: COMMAND_TIMEOUT_MS,
});
const worker = new ChaosWorker({
  queue: new RedisMessageQueue(connections, QUEUE_SETTINGS, name),
  deadLetters: new RedisDeadLetters(connections, QUEUE_SETTINGS),
  intents: new Intents(connections.commands),
  handler: new Handler(dice, name),
  random: dice,
  replayUntil: Number(process.env['CHAOS_REPLAY_UNTIL']),
  reportViolation: (error) => process.stderr.write(`unexpected ${inspect(error)}\n`),
});

process.once('SIGTERM', () => worker.stop());
// A killed parent sends no signal.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

await worker.run();
connections.close();
