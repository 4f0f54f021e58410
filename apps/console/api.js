import { ApiProblem, problemIn } from './api-problem.js';

/** @typedef {Readonly<Record<string, string | number | null | undefined>>} Query */
/**
 * What one request came to; `replica` names the process that answered.
 *
 * @template T
 * @typedef {{ readonly body: T, readonly status: number, readonly replica: string }} Answer
 */

const TIMEOUT_MS = 15_000;

/** The operator API with one bearer token, which lives in this object and nowhere else. */
export class Api {
  #token;
  #closing = new AbortController();

  /**
   * @param {string} token
   * @param {(problem: ApiProblem) => void} onRefused the service no longer knows the token
   */
  constructor(token, onRefused = () => undefined) {
    this.#token = token;
    this.onRefused = onRefused;
  }

  /** Forgets the token and breaks off what is under way. */
  close() {
    this.#token = '';
    this.#closing.abort();
  }

  get closed() {
    return this.#closing.signal.aborted;
  }

  /**
   * @template T
   * @param {string} path
   * @param {Query} [query]
   * @returns {Promise<T>}
   */
  async get(path, query) {
    /** @type {Answer<T>} */
    const { body } = await this.ask('GET', path, { query });
    return body;
  }

  /**
   * @template T
   * @param {string} path
   * @param {object} body
   * @param {string} idempotencyKey sent again with the same key it is done once
   * @returns {Promise<T>}
   */
  async post(path, body, idempotencyKey) {
    /** @type {Answer<T>} */
    const answer = await this.ask('POST', path, { body, headers: { 'Idempotency-Key': idempotencyKey } });
    return answer.body;
  }

  /**
   * @param {string} path
   * @param {Query} query
   * @returns {Promise<void>}
   */
  async delete(path, query) {
    await this.ask('DELETE', path, { query });
  }

  /**
   * Paths are relative to the page, so that a prefix in front of both does not matter.
   *
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {{ query?: Query | undefined, body?: object, headers?: Record<string, string>, accept?: readonly number[] }} [more]
   *   `accept`: statuses that are answers as well, beside the successful ones
   * @returns {Promise<Answer<T>>}
   */
  async ask(method, path, { query = {}, body, headers = {}, accept = [] } = {}) {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const init = {
      method,
      headers: {
        ...headers,
        Authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      /** @type {RequestCredentials} */ credentials: 'omit',
      /** @type {RequestCache} */ cache: 'no-store',
      signal,
    };
    const response = await fetch(path + queryText(query), init).catch((error) => {
      throw ApiProblem.unreachable(error);
    });
    if (!response.ok && !accept.includes(response.status)) throw await this.#refusal(response);
    const replica = response.headers.get('X-Replica-Id') ?? '';
    const answer = await bodyOf(response);
    /** @type {(body: unknown) => body is T} */
    const isExpected = isAnswer;
    if (!isExpected(answer)) throw new Error('The service answered something else.');
    return { body: answer, status: response.status, replica };
  }

  /** @param {Response} response */
  async #refusal(response) {
    const problem = await problemIn(response);
    if (problem.status === 401 && !this.closed) this.onRefused(problem);
    return problem;
  }
}

/** @param {Query} query */
function queryText(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * @param {Response} response
 * @returns {Promise<unknown>}
 */
async function bodyOf(response) {
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  try {
    return isJson ? await response.json() : await response.text();
  } catch (error) {
    throw ApiProblem.unreachable(error);
  }
}

/**
 * The one place where an answer gets its type: it comes from the service that brought this file.
 *
 * @template T
 * @param {unknown} body
 * @returns {body is T}
 */
function isAnswer(body) {
  return typeof body === 'string' || (typeof body === 'object' && body !== null);
}
