/** Where the process stands between start and end, for the probes and for whoever must stop taking work. */
export class ServiceState {
  private phase: 'starting' | 'ready' | 'draining' = 'starting';
  private lastHeartbeat = Date.now();

  markReady(): void {
    if (this.phase === 'starting') this.phase = 'ready';
  }

  /** On SIGTERM: unready at once, alive until the end. */
  markDraining(): void {
    this.phase = 'draining';
  }

  get current(): 'starting' | 'ready' | 'draining' {
    return this.phase;
  }

  /** The worker loop calls it once a turn, whether it found work or not. */
  heartbeat(): void {
    this.lastHeartbeat = Date.now();
  }

  /** Milliseconds since the worker loop last turned. */
  get msSinceHeartbeat(): number {
    return Date.now() - this.lastHeartbeat;
  }
}

/** Ends the process when it turns out, after its start, that it must not run. */
export abstract class ProcessExit {
  abstract exitWith(error: Error): void;
}
