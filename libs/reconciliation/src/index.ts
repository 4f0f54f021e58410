export { verifyLedger } from './verify-ledger.js';
export type { VerificationReport } from './discrepancy-report.js';
export type { VerificationScope } from './verification-scope.js';
export * from './discrepancies.js';
export { rebuildLedger } from './rebuild/rebuild-ledger.js';
export type { EventPolicy, RebuildReport, RebuildScope } from './rebuild/rebuild-scope.js';
