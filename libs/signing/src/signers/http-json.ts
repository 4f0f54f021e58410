/** A request with a body is a POST. */
interface JsonRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/**
 * Requests JSON of a key service.
 *
 * @throws Error with status and words of the service
 */
export async function requestJson(url: string, { headers = {}, body, signal }: JsonRequest): Promise<unknown> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal,
  }).catch((error: unknown) => {
    throw new Error(connectionWords(error), { cause: error });
  });
  const json = parse(await answer.text());
  if (answer.ok && json !== undefined) return json;
  throw new Error([`HTTP ${answer.status}`, errorWords(json)].filter(Boolean).join(': '));
}

/** Returns a text member of a JSON object. @throws Error when there is none */
export function textMember(json: unknown, ...path: readonly string[]): string {
  const value = member(json, ...path);
  if (typeof value === 'string') return value;
  throw new Error(`its answer has no ${path.join('.')}`);
}

/** Returns a member of nested JSON objects, or undefined. */
export function member(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    json,
  );
}

/** Returns code and message of `{"error": {…}}`, as Google, Azure and JSON-RPC write it; an empty text without one. */
export function errorWords(json: unknown): string {
  const words = ['status', 'code', 'message'].map((name) => member(json, 'error', name));
  return words.filter((word) => typeof word === 'string' || typeof word === 'number').join(' ');
}

/** The message of `fetch` is "fetch failed"; its cause says why. */
function connectionWords(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : 'the connection failed';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
