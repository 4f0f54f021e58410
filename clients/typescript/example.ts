// Pushes one model to the queue of the service, and shows what happens to a message that it would refuse.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { envelopeOf, MessageRefusedError, TokenProducer } from './src/index.js';

const redis = new Redis(process.env['REDIS_URL'] ?? 'redis://localhost:6379/0');
// Of the key `example` in the service's MESSAGE_KEYS_FILE. Without one, messages are not signed.
const secret = process.env['SIGNING_SECRET'];
const producer = new TokenProducer(redis, {
  queue: process.env['QUEUE_NAME'] ?? 'hokusai:model_ready_queue',
  replicas: Number(process.env['REDIS_REPLICAS'] ?? '0'),
  ...(secret === undefined
    ? {}
    : { key: { id: 'example', algorithm: 'hmac-sha256', secret: Buffer.from(secret, 'base64') } as const }),
});

const message = envelopeOf({
  model_id: process.env['MODEL_ID'] ?? `example-${randomUUID()}`,
  token_symbol: 'EXAMPLE',
  metric_name: 'rmse',
  baseline_value: 0.42,
  current_value: 0.36,
  model_name: 'example',
  model_version: '1',
  mlflow_run_id: null,
  contributor_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  timestamp: new Date().toISOString(),
});

try {
  await producer.push({ ...message, payload: { ...message.payload, current_value: 0.5 } });
} catch (error) {
  if (!(error instanceof MessageRefusedError)) throw error;
  console.log(`refused: ${error.message}`);
}

await producer.push(message);
console.log(`pushed: ${message.payload.model_id}`);
await redis.quit();
