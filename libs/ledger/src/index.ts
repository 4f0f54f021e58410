export * from './ledger-keys.js';
export * from './ledger-options.js';
export * from './ledger.module.js';
export * from './jobs/redis-deployment-jobs.adapter.js';
export * from './jobs/redis-job-restoration.adapter.js';
export * from './lanes/redis-journal-durability.adapter.js';
export * from './lanes/redis-lane-journal.adapter.js';
export * from './inspection/redis-ledger-state-reader.adapter.js';
