export * from './deployment-calls.js';
export * from './decode-revert.js';
export * from './view-calls.js';
export * from './token-manager-logs.js';
export * from './registration-calls.js';
export * from './token-terms.js';
