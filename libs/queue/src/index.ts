export * from './queue-keys.js';
export * from './queue-settings.js';
export * from './redis-dead-letters.js';
export * from './redis-message-queue.js';
export * from './queue.module.js';
export * from './worker-name.js';
