import { Injectable } from '@nestjs/common';
import { DependencyProbe, HoldRegistry, type ProbeResult } from '#core';
import { DelegatedAccounts } from './delegated-accounts.service.js';
import { LaneHolds } from './lane-holds.service.js';
import { LaneQuarantine } from './lane-quarantine.service.js';
import { OrphanedLanes } from '../lifecycle/orphaned-lanes.worker.js';

/** Reports quarantined and orphaned lanes, and in whose place a standby waits. Sends no request and never makes the service unready. */
@Injectable()
export class LaneHealth extends DependencyProbe {
  override readonly name = 'lanes';
  override readonly required = false;

  constructor(
    private readonly quarantine: LaneQuarantine,
    private readonly orphanedLanes: OrphanedLanes,
    private readonly holds: LaneHolds,
    private readonly delegated: DelegatedAccounts,
    private readonly registry: HoldRegistry,
  ) {
    super();
  }

  override check(): Promise<ProbeResult> {
    const details = [this.quarantine, this.orphanedLanes, this.delegated]
      .flatMap((source) => source.details)
      .concat(this.holds.blockedDetails);
    if (details.length > 0) return Promise.resolve({ status: 'degraded', detail: details.join('; ') });
    const { standby } = this.registry;
    return Promise.resolve({ status: 'up', detail: standby === null ? null : `standby: ${standby}` });
  }
}
