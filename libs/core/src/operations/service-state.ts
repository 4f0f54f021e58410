/** The lifecycle phase and heartbeat of the process. */
export class ServiceState {
  private phase: 'starting' | 'ready' | 'draining' = 'starting';
  private lastHeartbeat = performance.now();

  markReady(): void {
    if (this.phase === 'starting') this.phase = 'ready';
  }

  /** Makes the service unready on SIGTERM. It stays live until exit. */
  markDraining(): void {
    this.phase = 'draining';
  }

  get current(): 'starting' | 'ready' | 'draining' {
    return this.phase;
  }

  /** Records one iteration of the message consumer. */
  heartbeat(): void {
    this.lastHeartbeat = performance.now();
  }

  /** Milliseconds since the last iteration of the message consumer. */
  get msSinceHeartbeat(): number {
    return performance.now() - this.lastHeartbeat;
  }
}

/** Exits the process after a failed startup check. */
export abstract class ProcessExit {
  abstract exitWith(error: Error): void;
}
