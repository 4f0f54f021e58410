/** What a probe found. `detail` is for people and free of secrets. */
export interface ProbeResult {
  readonly status: 'up' | 'degraded' | 'down';
  readonly detail: string | null;
}

/** Asks one dependency how it is. Owned by the library that talks to it. */
export abstract class DependencyProbe {
  /** Such as `redis`. */
  abstract readonly name: string;

  /** Whether the service is unready while this dependency is down. */
  abstract readonly required: boolean;

  /** Answers within two seconds and does not throw. */
  abstract check(): Promise<ProbeResult>;
}
