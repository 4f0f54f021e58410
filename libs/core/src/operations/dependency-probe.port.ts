/** The result of a probe. `detail` is human-readable and free of secrets. */
export interface ProbeResult {
  readonly status: 'up' | 'degraded' | 'down';
  readonly detail: string | null;
}

/** Checks the health of one dependency. */
export abstract class DependencyProbe {
  /** Such as `redis`. */
  abstract readonly name: string;

  /** True when the service is unready without this dependency. */
  abstract readonly required: boolean;

  /** Resolves within two seconds and never throws. */
  abstract check(): Promise<ProbeResult>;
}
