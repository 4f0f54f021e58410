export { auditInvariants } from './audit-invariants.js';
export type { AuditCounts, AuditReport } from './audit-report.js';
export type { AuditScope } from './audit-scope.js';
export * from './disagreements.js';
