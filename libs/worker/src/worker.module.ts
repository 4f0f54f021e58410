import { Global, Module } from '@nestjs/common';
import { JobResultHandler } from '#core';
import { AdmissionService } from './admission/admission.service.js';
import { MessageSignatures } from './admission/message-signatures.worker.js';
import { HoldSharingWorker } from './maintenance/hold-sharing.worker.js';
import { KeyTypeHolds } from './maintenance/key-type-holds.service.js';
import { QueueMaintenanceWorker } from './maintenance/queue-maintenance.worker.js';
import { MessageConsumer } from './consumer/message-consumer.worker.js';
import { DeploymentWorkers } from './deployment-workers.js';
import { FailureHandler } from './results/failure-handler.service.js';
import { LeaseRenewer } from './consumer/lease-renewer.worker.js';
import { InFlightMessages } from './consumer/in-flight-messages.js';
import { MessageReleaser } from './results/message-releaser.service.js';
import { JobResultService } from './results/job-result.service.js';

/** Processes messages from claim to settlement. Needs the ports and `WorkerSettings` from other modules. */
@Global()
@Module({
  providers: [
    InFlightMessages,
    FailureHandler,
    MessageReleaser,
    MessageSignatures,
    AdmissionService,
    JobResultService,
    { provide: JobResultHandler, useExisting: JobResultService },
    MessageConsumer,
    LeaseRenewer,
    KeyTypeHolds,
    QueueMaintenanceWorker,
    HoldSharingWorker,
    DeploymentWorkers,
  ],
  exports: [JobResultHandler, DeploymentWorkers],
})
export class WorkerModule {}
