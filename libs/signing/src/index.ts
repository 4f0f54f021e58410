export * from './policy-signer.js';
export * from './published-accounts.js';
export * from './signer.errors.js';
export * from './signers/key-files.js';
export * from './signers/local-key.js';
export * from './signers/open-signers.js';
export * from './signing-policy.js';
export type * from './transaction-signer.js';
export type * from './unsigned-transaction.js';
