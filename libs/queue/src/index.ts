export { ownKeyPrefix, queueKeys, type QueueKeys } from './queue-keys.js';
export * from './queue-settings.js';
export * from './redis-audit-trail.js';
export * from './redis-dead-letters.js';
export * from './redis-idempotency-keys.js';
export * from './redis-message-queue.js';
export * from './redis-replay-runs.js';
export * from './queue.module.js';
export * from './worker-name.js';
