import { Injectable } from '@nestjs/common';
import { DependencyProbe, type ProbeResult } from '#core';
import { LaneQuarantine } from './lanes/lane-quarantine.js';
import { WatchedLanes } from './lanes/watched-lanes.js';

/** Lanes that an operator should look at. Asks nothing, and never makes the service unready. */
@Injectable()
export class LaneProbe extends DependencyProbe {
  override readonly name = 'lanes';
  override readonly required = false;

  constructor(
    private readonly quarantine: LaneQuarantine,
    private readonly watched: WatchedLanes,
  ) {
    super();
  }

  override check(): Promise<ProbeResult> {
    const details = [...this.quarantine.details, ...this.watched.details];
    const status = details.length > 0 ? 'degraded' : 'up';
    return Promise.resolve({ status, detail: details.length > 0 ? details.join('; ') : null });
  }
}
