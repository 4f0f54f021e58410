const REPLAY_ADOPTION_MS = 5_000;

/** What the operator API needs to know. The tokens show up neither in JSON nor in `inspect` (S1). */
export class OpsSettings {
  readonly serviceName: string;
  readonly version: string;
  /** Milliseconds between two looks for a replay that another replica left behind. */
  readonly replayAdoptionMs: number;
  readonly #operateToken: string | null;
  readonly #readToken: string | null;

  constructor(settings: {
    readonly operateToken: string | null;
    readonly readToken: string | null;
    readonly serviceName: string;
    readonly version: string;
    readonly replayAdoptionMs?: number;
  }) {
    this.serviceName = settings.serviceName;
    this.version = settings.version;
    this.replayAdoptionMs = settings.replayAdoptionMs ?? REPLAY_ADOPTION_MS;
    this.#operateToken = settings.operateToken;
    this.#readToken = settings.readToken;
  }

  /** May do everything; null when there is none. */
  get operateToken(): string | null {
    return this.#operateToken;
  }

  /** May only look; null when there is none. */
  get readToken(): string | null {
    return this.#readToken;
  }
}
