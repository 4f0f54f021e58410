export * from './policy-signer.js';
export * from './published-accounts.js';
export * from './signing-policy.js';
export type * from './unsigned-transaction.js';
