export { verifyLedger as auditInvariants } from './verify-ledger.js';
export type { VerificationReport as AuditReport } from './discrepancy-report.js';
export type { VerificationScope as AuditScope } from './verification-scope.js';
export * from './discrepancies.js';
export { rebuildLedger } from './rebuild/rebuild-ledger.js';
export type { EventPolicy, RebuildReport, RebuildScope } from './rebuild/rebuild-scope.js';
