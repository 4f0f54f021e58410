export * from './connection/blocking-connection.js';
export * from './connection/wait-until-ready.js';
export * from './scripts/lua-script.js';
export * from './connection/redis-connections.js';
export { RedisUnavailableError, unwrapReply } from './redis.errors.js';
export * from './redis.health.js';
export * from './redis-settings.js';
export * from './redis.module.js';
export { findVersionProblem, readServerInfo } from './server-version.js';
