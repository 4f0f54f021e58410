/** Why a request did not get what it asked for (RFC 9457). */
export class ApiProblem extends Error {
  /**
   * @param {{ status: number, code: string, title: string, detail?: string | null, requestId?: string | null,
   *   replay?: string | null, retryAfter?: number | null }} problem `status` 0: no answer arrived
   */
  constructor({ status, code, title, detail = null, requestId = null, replay = null, retryAfter = null }) {
    super(title);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.requestId = requestId;
    /** Path of the replay that is in the way. */
    this.replay = replay;
    /** Seconds to wait before the next request; null when the service does not say. */
    this.retryAfter = retryAfter;
  }

  /** @param {unknown} error of fetch */
  static unreachable(error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    return new ApiProblem({
      status: 0,
      code: 'unreachable',
      title: late ? 'The service did not answer in time' : 'The service cannot be reached',
    });
  }

  /** Names the problem, its cause and the request id to search for in the log. */
  get sentence() {
    const what = this.status === 0 ? this.message : `${this.status}: ${this.message}`;
    const why = this.detail === null ? '' : ` (${this.detail})`;
    return `${what}${why}.${this.requestId === null ? '' : ` Request ${this.requestId}.`}`;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  if (error instanceof ApiProblem) return error.sentence;
  return error instanceof Error ? error.message : 'Something went wrong.';
}

/**
 * Reads the problem of an answer; a proxy's error page becomes one as well.
 *
 * @param {Response} response
 */
export async function problemIn(response) {
  /** @type {unknown} */
  const answer = await response.json().catch(() => null);
  /** @type {Map<string, unknown>} */
  const body = new Map(typeof answer === 'object' && answer !== null ? Object.entries(answer) : []);
  const listed = body.get('errors');
  /** @type {readonly unknown[]} */
  const errors = Array.isArray(listed) ? listed : [];
  return new ApiProblem({
    status: response.status,
    code: (textOr(body.get('type'), '') ?? '').replace('urn:token-deployer:problem:', ''),
    title: textOr(body.get('title'), `The service answered ${response.status}`) ?? '',
    detail: errors.length > 0 ? errors.map(expectationText).join('; ') : textOr(body.get('detail'), null),
    requestId: textOr(body.get('request_id'), null),
    replay: textOr(body.get('replay'), null),
    retryAfter: Number(response.headers.get('Retry-After')) || null,
  });
}

/** @param {unknown} error one of the fields that a request got wrong */
function expectationText(error) {
  const expectations = typeof error === 'object' && error !== null && 'expectations' in error ? error.expectations : [];
  return Array.isArray(expectations) ? expectations.join(', ') : 'a field is wrong';
}

/**
 * @param {unknown} value
 * @param {string | null} otherwise
 */
function textOr(value, otherwise) {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
