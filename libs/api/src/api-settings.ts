const REPLAY_TAKEOVER_MS = 5_000;
const TOKEN_LIST_POLL_MS = 1_000;
const REQUESTS_PER_MINUTE = 12_000;

/** What the operator API needs to know. The tokens show up neither in JSON nor in `inspect` (S1). */
export class ApiSettings {
  readonly serviceName: string;
  readonly version: string;
  /** Milliseconds between two looks for a replay that another replica left behind. */
  readonly replayTakeoverMs: number;
  /** Path of the file with the digests of further tokens; null when there is none. */
  readonly tokenList: string | null;
  /** Milliseconds between two looks at that file. */
  readonly tokenListPollMs: number;
  /** Where messages have their model id. Default: `model_id`. */
  readonly modelIdSource: string | undefined;
  /** Addresses and subnets whose `X-Forwarded-For` names the client. */
  readonly trustedProxies: readonly string[];
  /** Requests that each token may make in a minute. */
  readonly requestsPerMinute: number;
  readonly #operateToken: string | null;
  readonly #readToken: string | null;

  constructor(settings: {
    readonly operateToken: string | null;
    readonly readToken: string | null;
    readonly serviceName: string;
    readonly version: string;
    readonly replayTakeoverMs?: number;
    readonly tokenList?: string | null;
    readonly tokenListPollMs?: number;
    readonly modelIdSource?: string;
    readonly trustedProxies?: readonly string[];
    readonly requestsPerMinute?: number;
  }) {
    this.modelIdSource = settings.modelIdSource;
    this.serviceName = settings.serviceName;
    this.version = settings.version;
    this.replayTakeoverMs = settings.replayTakeoverMs ?? REPLAY_TAKEOVER_MS;
    this.tokenList = settings.tokenList ?? null;
    this.tokenListPollMs = settings.tokenListPollMs ?? TOKEN_LIST_POLL_MS;
    this.trustedProxies = settings.trustedProxies ?? [];
    this.requestsPerMinute = settings.requestsPerMinute ?? REQUESTS_PER_MINUTE;
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
