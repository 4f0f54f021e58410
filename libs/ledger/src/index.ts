export * from './ledger-keys.js';
export * from './ledger-options.js';
export * from './ledger.module.js';
export * from './redis-deployment-jobs.js';
export * from './redis-job-restoration.js';
export * from './redis-journal-durability.js';
export * from './redis-lane-journal.js';
export * from './witness/redis-ledger-witness.js';
