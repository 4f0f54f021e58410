/** How a request failed before there was a JSON-RPC answer. */
export type RpcFailure = 'http_error' | 'rate_limited' | 'timeout' | 'network_error';

/** The node could not be asked, or its answer is no JSON-RPC: nothing is known about what it did with the request. */
export class RpcUnavailable extends Error {
  constructor(
    message: string,
    readonly failure: RpcFailure = 'http_error',
  ) {
    super(message);
    this.name = 'RpcUnavailable';
  }
}

/** The node answered with an error object. */
export class RpcError extends Error {
  constructor(
    readonly method: string,
    readonly code: number,
    message: string,
    /** Revert data, when the node gives any. */
    readonly data: string | null,
  ) {
    super(message);
    this.name = 'RpcError';
  }
}

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * One JSON-RPC endpoint over HTTP. ethers' own provider is not used for this: it retries inside, follows a send with
 * other calls, and puts URL and signed bytes into its errors. Messages of the errors here name the endpoint only by its
 * configured name, because an RPC URL is a secret.
 */
export class JsonRpcEndpoint {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  private lastId = 0;

  /** @param url may hold user name and password: they are sent as a header (`fetch` refuses them in a URL) */
  constructor(
    readonly name: string,
    url: string,
    private readonly timeoutMs: number,
  ) {
    const { username, password } = new URL(url);
    this.#url = username || password ? withoutCredentials(url) : url;
    this.#headers = { 'content-type': 'application/json', ...basicAuthorization(username, password) };
  }

  /** @throws RpcUnavailable or RpcError */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const answer = await this.post(this.request({ method, params }), method);
    return resultOf(answer, method);
  }

  /**
   * Several calls in one HTTP request; the answers in the order of the calls, a failed call as its RpcError.
   *
   * @throws RpcUnavailable when the request as a whole failed
   */
  async batch(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    const requests = calls.map((call) => this.request(call));
    const answers = await this.post(requests, 'batch');
    if (!Array.isArray(answers)) throw new RpcUnavailable(`${this.name} does not answer a batch with a list`);
    const byId = new Map(answers.map((answer: unknown) => [isObject(answer) ? answer['id'] : null, answer]));
    return requests.map(({ id, method }) => {
      try {
        return resultOf(byId.get(id), method);
      } catch (error) {
        if (error instanceof RpcError) return error;
        throw error;
      }
    });
  }

  private request({ method, params }: RpcCall): {
    jsonrpc: '2.0';
    id: number;
    method: string;
    params: readonly unknown[];
  } {
    this.lastId += 1;
    return { jsonrpc: '2.0', id: this.lastId, method, params };
  }

  private async post(body: unknown, method: string): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const text = await response.text();
      const answer = parsed(text);
      // Some nodes put the JSON-RPC error of a bad request under an HTTP error status: the body says more.
      if (answer !== undefined && (response.ok || holdsError(answer))) return answer;
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      const reason = timedOut ? 'no answer in time' : networkReason(error);
      throw new RpcUnavailable(`${method} on ${this.name}: ${reason}`, timedOut ? 'timeout' : 'network_error');
    }
    const failure = response.status === 429 ? 'rate_limited' : 'http_error';
    throw new RpcUnavailable(`${method} on ${this.name}: HTTP ${response.status}`, failure);
  }
}

function resultOf(answer: unknown, method: string): unknown {
  if (!isObject(answer)) throw new RpcUnavailable(`${method}: the answer is no JSON-RPC object`);
  const error = answer['error'];
  if (isObject(error)) {
    const { code, message, data } = error;
    throw new RpcError(
      method,
      typeof code === 'number' ? code : 0,
      typeof message === 'string' ? message.slice(0, 300) : 'error without a message',
      revertData(data),
    );
  }
  if (!('result' in answer)) throw new RpcUnavailable(`${method}: the answer has neither result nor error`);
  return answer['result'];
}

/** Nodes give revert data as a string, behind the word `Reverted`, or wrapped in an object. */
function revertData(data: unknown): string | null {
  if (typeof data === 'string') return /^(?:Reverted )?(0x[0-9a-fA-F]*)$/.exec(data)?.[1] ?? null;
  return isObject(data) ? revertData(data['data'] ?? data['result']) : null;
}

/** undici hides the reason in `cause`; its messages name no URL, unlike those of `fetch` itself. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && isObject(error.cause) ? error.cause['code'] : undefined;
  return typeof cause === 'string' ? cause : 'connection failed';
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

function basicAuthorization(username: string, password: string): { authorization?: string } {
  if (!username && !password) return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function holdsError(answer: unknown): boolean {
  return isObject(answer) && isObject(answer['error']);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
