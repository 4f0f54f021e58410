export * from './consumer/counters.js';
export { ownKeyPrefix, queueKeys, type QueueKeys } from './queue-keys.js';
export {
  HOME_LUA,
  homeArguments,
  type HomeSettings,
  queueHome,
  type QueueHome,
  WrongHomeError,
} from './home/queue-home.js';
export * from './queue-settings.js';
export * from './audit-trail/audit-arguments.js';
export * from './audit-trail/redis-audit-trail.adapter.js';
export * from './dead-letters/redis-dead-letters.adapter.js';
export * from './holds/redis-hold-exchange.adapter.js';
export * from './idempotency/redis-idempotency-keys.adapter.js';
export * from './consumer/redis-message-queue.adapter.js';
export * from './replays/redis-replay-runs.adapter.js';
export * from './queue.module.js';
export * from './consumer/worker-name.js';
