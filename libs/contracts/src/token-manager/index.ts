export * from './managed-deployment.js';
export * from './managed-revert.js';
export * from './manager-calls.js';
export * from './manager-logs.js';
export * from './registration-calls.js';
