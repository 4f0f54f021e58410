// What the operator API answers: the classes that its description is made of, so that the page cannot drift away from it.
export type {
  AuditPageDto as AuditPageBody,
  AuditRecordDto as AuditRecordBody,
} from '../../libs/api/src/audit-trail/audit.dto.js';
export type {
  DeadLetterDto as DeadLetterBody,
  DeadLetterDetailDto as DeadLetterDetailBody,
  DeadLetterPageDto as DeadLetterPageBody,
} from '../../libs/api/src/dead-letters/dead-letter.dto.js';
export type { DeadLetterFilterDto as DeadLetterFilterBody } from '../../libs/api/src/dead-letters/dead-letter-query.dto.js';
export type {
  DeploymentDto as DeploymentBody,
  DeploymentPageDto as DeploymentPageBody,
} from '../../libs/api/src/deployments/deployment.dto.js';
export type { HealthDto as HealthBody } from '../../libs/api/src/health/health.dto.js';
export type {
  LaneDto as LaneBody,
  LanesDto as LanesBody,
  OpenSlotDto as OpenSlotBody,
} from '../../libs/api/src/lanes/lane.dto.js';
export type {
  ShownPolicyDto as PolicyBody,
  SpendingDto as SpendingBody,
} from '../../libs/api/src/policy/policy.dto.js';
export type {
  QueueDepthDto as QueueDepthBody,
  QueuesDto as QueuesBody,
  WorkerDto as WorkerBody,
} from '../../libs/api/src/queues/queues.dto.js';
export type { ReplayDto as ReplayBody } from '../../libs/api/src/replays/replay-request.dto.js';
export type {
  ReplayPreviewDto as ReplayPreviewBody,
  ReplayResultDto as ReplayResultBody,
  ReplayRunDto as ReplayRunBody,
} from '../../libs/api/src/replays/replay-run.dto.js';
export type { SessionBody } from '../../libs/api/src/console/session.dto.js';
