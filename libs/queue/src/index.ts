export * from './queue-keys.js';
