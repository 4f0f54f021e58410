import { Injectable } from '@nestjs/common';
import { DependencyProbe, type ProbeResult } from '#core';
import { DelegatedAccounts } from './delegated-accounts.service.js';
import { LaneHolds } from './lane-holds.service.js';
import { LaneQuarantine } from './lane-quarantine.service.js';
import { OrphanedLanes } from '../lifecycle/orphaned-lanes.worker.js';

/** Reports quarantined and orphaned lanes. Sends no request and never makes the service unready. */
@Injectable()
export class LaneHealth extends DependencyProbe {
  override readonly name = 'lanes';
  override readonly required = false;

  constructor(
    private readonly quarantine: LaneQuarantine,
    private readonly orphanedLanes: OrphanedLanes,
    private readonly holds: LaneHolds,
    private readonly delegated: DelegatedAccounts,
  ) {
    super();
  }

  override check(): Promise<ProbeResult> {
    const details = [this.quarantine, this.orphanedLanes, this.delegated]
      .flatMap((source) => source.details)
      .concat(this.holds.blockedDetails);
    const status = details.length > 0 ? 'degraded' : 'up';
    return Promise.resolve({ status, detail: details.length > 0 ? details.join('; ') : null });
  }
}
