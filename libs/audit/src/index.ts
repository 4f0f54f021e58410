export { auditInvariants } from './audit-invariants.js';
export type { AuditReport } from './audit-report.js';
export type { AuditScope } from './audit-scope.js';
export * from './disagreements.js';
export { rebuildLedger } from './rebuild/rebuild-ledger.js';
export type { EventPolicy, RebuildReport, RebuildScope } from './rebuild/rebuild-scope.js';
