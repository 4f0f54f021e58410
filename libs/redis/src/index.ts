export * from './blocking-connection.js';
export * from './connected.js';
export * from './lua-script.js';
export * from './redis-connections.js';
export { RedisUnavailable, replyOf } from './redis-errors.js';
export * from './redis-probe.js';
export * from './redis-settings.js';
export * from './redis.module.js';
