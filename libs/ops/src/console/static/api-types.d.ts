// What the operator API answers: the classes that its description is made of, so that the page cannot drift away from it.
export type { AuditPageBody, AuditRecordBody } from '../../audit/audit-body.js';
export type { DeadLetterBody, DeadLetterDetailBody, DeadLetterPageBody } from '../../dead-letters/dead-letter-body.js';
export type { DeadLetterFilterBody } from '../../dead-letters/dead-letter-filter.js';
export type { DeploymentBody, DeploymentPageBody } from '../../deployments/deployment-body.js';
export type { HealthBody } from '../../health/health-body.js';
export type { LaneBody, LanesBody, OpenSlotBody } from '../../lanes/lane-body.js';
export type { QueueDepthBody, QueuesBody, WorkerBody } from '../../queues/queues-body.js';
export type { ReplayBody } from '../../replays/replay-body.js';
export type { ReplayPreviewBody, ReplayResultBody, ReplayRunBody } from '../../replays/replay-run-body.js';
export type { SessionBody } from '../session-body.js';
