import { Global, Module } from '@nestjs/common';
import { JobOutcomes } from '#core';
import { AdmissionDesk } from './admission-desk.js';
import { Caretaker } from './caretaker.js';
import { Consumer } from './consumer.js';
import { DeploymentRunner } from './deployment-runner.js';
import { Failures } from './failures.js';
import { LeaseKeeper } from './lease-keeper.js';
import { MessagesInHand } from './messages-in-hand.js';
import { Releases } from './releases.js';
import { Settlement } from './settlement.js';

/** The use case: from a message in the queue to its settlement. Needs the ports and `DeploymentSettings` from other modules. */
@Global()
@Module({
  providers: [
    MessagesInHand,
    Failures,
    Releases,
    AdmissionDesk,
    Settlement,
    { provide: JobOutcomes, useExisting: Settlement },
    Consumer,
    LeaseKeeper,
    Caretaker,
    DeploymentRunner,
  ],
  exports: [JobOutcomes, DeploymentRunner],
})
export class DeploymentModule {}
