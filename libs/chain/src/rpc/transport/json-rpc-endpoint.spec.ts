import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MockRpcError, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { until } from '../../../../../test/support/until.js';
import { JsonRpcEndpoint } from './json-rpc-endpoint.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { classifyRpcError } from './rpc-error-classifier.js';

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => Promise.reject(new Error(`it answered ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );

/** Nothing of the URL, however deep in the error. */
const expectSilence = (error: unknown): void => {
  const everything = inspect(error, { depth: 20, showHidden: true });
  for (const secret of ['a-secret-access-key', '127.0.0.1', 'pass-word']) expect(everything).not.toContain(secret);
};

const PATIENT = { send: 60_000, read: 60_000, execution: 60_000, logs: 60_000 };
/** Milliseconds until a request is given up where that is what a test waits for. */
const IMPATIENT = 300;

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describe('JsonRpcEndpoint', () => {
  let node: MockRpcNode;
  let endpoint: JsonRpcEndpoint;
  beforeEach(async () => {
    node = await MockRpcNode.start({ eth_chainId: () => '0x7a69', echo: (params) => params[0] });
    endpoint = new JsonRpcEndpoint('rpc-1', node.url, PATIENT);
  });
  afterEach(() => node.stop());

  it('returns the result of a call', async () => {
    expect(await endpoint.call('eth_chainId', [])).toBe('0x7a69');
    expect(node.calls).toEqual([{ method: 'eth_chainId', params: [] }]);
  });

  it('returns null when the node answers null', async () => {
    expect(await endpoint.call('echo', [null])).toBeNull();
  });

  it('names time, method and endpoint when there is no answer in time', async () => {
    node.reply = () => undefined;
    const error = await failure(new JsonRpcEndpoint('rpc-1', node.url, IMPATIENT).call('eth_chainId', []));
    expect(error).toMatchObject({ name: 'RpcUnavailable', failure: 'timeout' });
    expect((error as Error).message).toBe('eth_chainId on rpc-1: no answer in time');
    expectSilence(error);
  });

  it.each([301, 307])('names the status of a redirect and does not follow it (%i)', async (status) => {
    node.reply = (response) => response.writeHead(status, { location: node.url }).end('moved');
    const error = await failure(endpoint.call('eth_chainId', []));
    expect(error).toMatchObject({ name: 'RpcUnavailable', status, message: `eth_chainId on rpc-1: HTTP ${status}` });
    expect(node.calls).toHaveLength(1);
    expectSilence(error);
  });

  it('gives up on a body that never ends', async () => {
    node.reply = (response) => response.write('{"jsonrpc":"2.0",');
    const impatient = new JsonRpcEndpoint('rpc-1', node.url, IMPATIENT);
    expect(await failure(impatient.call('eth_chainId', []))).toMatchObject({ failure: 'timeout' });
  });

  it('reports a refused connection by its code', async () => {
    await node.stop();
    const error = await failure(endpoint.call('eth_chainId', []));
    expect(error).toMatchObject({ failure: 'network_error', message: 'eth_chainId on rpc-1: ECONNREFUSED' });
    expectSilence(error);
  });

  it('reports a connection that breaks in the middle', async () => {
    node.reply = (response) => response.socket?.resetAndDestroy();
    const error = await failure(endpoint.call('eth_chainId', []));
    expect(error).toMatchObject({ failure: 'network_error' });
    expectSilence(error);
  });

  it.each([
    [500, '', 'http_error'],
    [502, '<html>Bad Gateway</html>', 'http_error'],
    [429, 'slow down', 'rate_limited'],
    [200, 'no JSON', 'unreadable'],
    [200, '"text"', 'unreadable'],
    [200, '7', 'unreadable'],
    [200, 'null', 'unreadable'],
    [200, '{}', 'unreadable'],
    [401, '{"message":"no such project"}', 'http_error'],
    [429, '{"message":"slow down"}', 'rate_limited'],
    [429, '{"jsonrpc":"2.0","id":1,"error":"slow down"}', 'rate_limited'],
    [200, '[]', 'unreadable'],
    [200, '[{"jsonrpc":"2.0","id":9999,"result":"0x1"}]', 'unreadable'],
    [200, '{"jsonrpc":"2.0","id":1,"error":"forbidden"}', 'unreadable'],
    [403, 'Forbidden', 'http_error'],
    [500, '[]', 'http_error'],
  ])('takes HTTP %i with the body %s for no answer', async (status, body, failed) => {
    node.reply = (response) => response.writeHead(status).end(body);
    const error = await failure(endpoint.call('eth_chainId', []));
    expect(error).toBeInstanceOf(RpcUnavailableError);
    expect(error).toMatchObject({ failure: failed });
    expectSilence(error);
  });

  it.each([200, 400, 429, 500])('believes the JSON-RPC error under HTTP %i', async (status) => {
    const body = { jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'nonce too low' } };
    node.reply = (response) => response.writeHead(status).end(JSON.stringify(body));
    const error = await failure(endpoint.call('eth_sendRawTransaction', ['0x00']));
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      code: -32000,
      message: 'nonce too low',
      source: `eth_sendRawTransaction on ${endpoint.name}`,
      data: null,
    });
  });

  it.each([
    ['a string', '0x6d5703c2', '0x6d5703c2'],
    ['an object', { data: '0x6d5703c2' }, '0x6d5703c2'],
    ['an object of another kind', { result: '0x6d5703c2', error: 'revert' }, '0x6d5703c2'],
    ['a string behind a word', 'Reverted 0x6d5703c2', '0x6d5703c2'],
    ['an empty revert', '0x', '0x'],
    ['a text', 'Reverted', null],
    ['a number', 5, null],
    ['nothing', undefined, null],
  ])('finds revert data in %s', async (_what, data, found) => {
    node.methods = {
      eth_call: () => {
        throw new MockRpcError(3, 'execution reverted', data);
      },
    };
    expect(await failure(endpoint.call('eth_call', []))).toMatchObject({ code: 3, data: found });
  });

  it('keeps only a piece of an endless error message', async () => {
    node.methods = {
      eth_call: () => {
        throw new MockRpcError(3, 'x'.repeat(10_000));
      },
    };
    expect(((await failure(endpoint.call('eth_call', []))) as Error).message.length).toBe(300);
  });

  it.each([403, 404, 405, 501])('takes HTTP %i for a refusal of the one method', async (status) => {
    node.reply = (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>no</h1>');
    const error = await failure(endpoint.call('eth_simulateV1', []));
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      code: -32601,
      message: `HTTP ${status}`,
      source: `eth_simulateV1 on ${endpoint.name}`,
    });
    expectSilence(error);
    // What every endpoint must have is no option of its own.
    for (const method of ['eth_getBlockByNumber', 'eth_sendRawTransaction'])
      expect(await failure(endpoint.call(method, []))).toBeInstanceOf(RpcUnavailableError);
  });

  it('reads an answer in a list of one', async () => {
    node.reply = (response, [request]) =>
      response.end(JSON.stringify([{ jsonrpc: '2.0', id: request?.id, result: '0x7a69' }]));
    expect(await endpoint.call('eth_chainId', [])).toBe('0x7a69');
    node.reply = (response) =>
      response.writeHead(400).end('[{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}]');
    expect(await failure(endpoint.call('eth_chainId', []))).toMatchObject({ code: -32600 });
  });

  const answerWith = (bytes: number): void => {
    node.reply = (response, requests) => {
      const answers = requests.map(({ id }) => ({ jsonrpc: '2.0', id, result: `0x${'0'.repeat(bytes)}` }));
      response.end(JSON.stringify(requests.length > 1 ? answers : answers[0]));
    };
  };

  describe('cuts off an answer', () => {
    const MEGABYTE = 1_000_000;

    it.each([
      ['eth_getBlockByNumber', ['latest', false], 5],
      ['eth_getBlockByNumber', ['0x1', true], 17],
      ['eth_getTransactionReceipt', ['0xab'], 5],
      ['eth_call', [{}], 5],
      ['eth_sendRawTransaction', ['0x'], 2],
    ] as const)('of %s %j', async (method, params, megabytes) => {
      answerWith(megabytes * MEGABYTE);
      const error = await failure(endpoint.call(method, params));
      expect(error).toMatchObject({ name: 'RpcUnavailable', failure: 'unreadable' });
      expect((error as Error).message).toMatch(
        new RegExp(`^${method} on rpc-1: the answer is longer than \\d+ bytes$`),
      );
    });

    it('of eth_getLogs as a provider does that has a limit, so that a narrower range is asked for', async () => {
      answerWith(17 * MEGABYTE);
      const error = await failure(endpoint.call('eth_getLogs', []));
      expect(error).toBeInstanceOf(RpcError);
      expect(classifyRpcError(error as RpcError)).toBe('none');
    });

    it('of a batch, and asks in smaller parts', async () => {
      const calls = Array.from({ length: 20 }, () => ({ method: 'eth_call', params: [] }));
      answerWith(MEGABYTE);
      const answers = await endpoint.batch(calls);
      expect(answers.map((answer) => String(answer).length)).toEqual(calls.map(() => MEGABYTE + 2));
    });
  });

  it('sends user name and password of the URL as a header', async () => {
    const url = node.url.replace('http://', 'http://user%40org:pass-word@');
    expect(await new JsonRpcEndpoint('rpc-1', url, PATIENT).call('eth_chainId', [])).toBe('0x7a69');
    expect(node.headers[0]?.authorization).toBe(`Basic ${Buffer.from('user@org:pass-word').toString('base64')}`);
    await new JsonRpcEndpoint('rpc-1', node.url.replace('http://', 'http://user:100%@'), PATIENT).call(
      'eth_chainId',
      [],
    );
    expect(node.headers[1]?.authorization).toBe(`Basic ${Buffer.from('user:100%').toString('base64')}`);
    await node.stop();
    expectSilence(await failure(new JsonRpcEndpoint('rpc-1', url, PATIENT).call('eth_chainId', [])));
  });

  it('shows its name and not its URL when it is printed', () => {
    expect(inspect(endpoint, { showHidden: true })).not.toContain('secret');
    expect(JSON.stringify(endpoint)).not.toContain('secret');
  });

  describe('batch', () => {
    const calls = [1, 2, 3].map((value) => ({ method: 'echo', params: [value] }));

    /** Answers a list of up to so many calls, and refuses a longer one. */
    const takesAtMost = (most: number, refuse: (response: ServerResponse, ids: readonly number[]) => void): void => {
      node.reply = (response, requests) => {
        sizes.push(requests.length);
        if (requests.length > most)
          return refuse(
            response,
            requests.map(({ id }) => id),
          );
        const answers = requests.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
        response.end(JSON.stringify(requests.length > 1 ? answers : answers[0]));
      };
    };
    const many = Array.from({ length: 60 }, (_, value) => ({ method: 'echo', params: [value] }));
    const values = many.map(({ params }) => params[0]);
    let sizes: number[];
    beforeEach(() => {
      sizes = [];
      endpoint = new JsonRpcEndpoint('rpc-1', node.url, 20_000);
    });

    it('puts answers that come out of order into the order of the calls', async () => {
      node.reply = (response, requests) => {
        const answers = requests.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
        response.end(JSON.stringify(answers.toReversed()));
      };
      expect(await endpoint.batch(calls)).toEqual([1, 2, 3]);
    });

    it('returns the error of one call among the results of the others', async () => {
      node.methods = {
        echo: ([value]) => {
          if (value === 2) throw new MockRpcError(-32000, 'header not found');
          return value;
        },
      };
      const [first, second, third] = await endpoint.batch(calls);
      expect([first, third]).toEqual([1, 3]);
      expect(second).toBeInstanceOf(RpcError);
    });

    it('asks again for an answer that is missing', async () => {
      node.reply = (response, requests) => {
        const asked = requests.length > 1 ? requests.slice(1) : requests;
        const answers = asked.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
        response.end(JSON.stringify(answers));
      };
      expect(await endpoint.batch(calls)).toEqual([1, 2, 3]);
    });

    it('returns the error of an answer that stays missing, beside the others', async () => {
      node.reply = (response, requests) => {
        const asked = requests.filter(({ params }) => params[0] !== 2);
        const answers = asked.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
        response.end(JSON.stringify(answers));
      };
      const [first, second, third] = await endpoint.batch(calls);
      expect([first, third]).toEqual([1, 3]);
      expect(second).toMatchObject({ failure: 'unreadable' });
    });

    it.each<[ids: string, id: (id: number) => unknown]>([
      ['texts', String],
      ['null', () => null],
      ['absent', () => undefined],
      ['all the same', () => 1],
    ])('finds every answer when the ids are %s', async (_ids, changed) => {
      node.reply = (response, requests) => {
        const answers = requests.map(({ id, params }) => ({ jsonrpc: '2.0', id: changed(id), result: params[0] }));
        response.end(JSON.stringify(requests.length > 1 ? answers : answers[0]));
      };
      expect(await endpoint.batch(calls)).toEqual([1, 2, 3]);
    });

    it.each([
      ['geth', -32003, 'response too large'],
      ['erigon', -32600, 'batch response size exceeded limit'],
      ['nethermind', -32005, 'MaxBatchResponseBodySize of 33554432 exceeded'],
      ['reth', -32008, 'Response is too big'],
      ['alchemy', -32600, 'Response size is larger than 150MB limit'],
      ['providers', -32005, 'response size should not greater than 10000000 bytes, limit exceeded'],
      ['bsc', -32005, 'method eth_call in batch triggered rate limit'],
    ])('asks in smaller parts for what does not fit any more, as %s says it', async (_who, code, message) => {
      node.reply = (response, requests) => {
        sizes.push(requests.length);
        const answers = requests.map(({ id, params }, index) =>
          index < 10 ? { jsonrpc: '2.0', id, result: params[0] } : { jsonrpc: '2.0', id, error: { code, message } },
        );
        response.end(JSON.stringify(requests.length > 1 ? answers : answers[0]));
      };
      expect(await endpoint.batch(many)).toEqual(values);
      expect(sizes).toEqual([50, 10, 10, 10, 10, 10]);
    });

    /** How clients and providers say that a batch has too many calls. */
    const BATCH_LIMITS: readonly (readonly [who: string, status: number, code: number, message: string])[] = [
      ['geth', 200, -32600, 'batch too large'],
      [
        'erigon',
        200,
        -32000,
        'batch limit 100 exceeded (can increase by --rpc.batch.limit). Requested batch of size: 401',
      ],
      ['nethermind', 503, -32005, 'Batch size limit exceeded'],
      ['besu', 200, -32005, 'Number of requests exceeds max batch size'],
      ['reth', 200, -32010, 'The batch request was too large'],
      ['reth, by bytes', 413, -32007, 'Request is too big'],
      ['jsonrpsee', 200, -32005, 'Batched requests are not supported by this server'],
      ['drpc', 500, 31, 'Batch of more than 3 requests are not allowed on free tier, to use it register paid account'],
      ['bsc', 200, -32005, 'method eth_getTransactionReceipt in batch triggered rate limit'],
      ['a provider', 200, -32099, 'upgrade your plan to ask for more at a time'],
    ];
    const LIMIT_FORMS: readonly (readonly [form: string, wrap: (error: object, ids: readonly number[]) => unknown])[] =
      [
        ['one error', (error) => error],
        ['a list of one error', (error) => [error]],
        ['an error for each call', (error, ids) => ids.map((id) => ({ ...error, id }))],
      ];
    describe.each(LIMIT_FORMS)('asks in smaller parts when the limit comes as %s', (_form, wrap) => {
      it.each(BATCH_LIMITS)('as %s says it', async (_who, status, code, message) => {
        takesAtMost(2, (response, ids) => {
          const error = { jsonrpc: '2.0', id: null, error: { code, message } };
          response.writeHead(status).end(JSON.stringify(wrap(error, ids)));
        });
        expect(await endpoint.batch(many)).toEqual(values);
        expect(await endpoint.batch(many)).toEqual(values);
        expect(sizes.filter((size) => size > 1)).toEqual([50, 10]);
      });
    });

    it('asks in smaller parts when the connection breaks at a long list again', async () => {
      takesAtMost(10, (response) => response.destroy());
      expect(await failure(endpoint.batch(many))).toMatchObject({ failure: 'network_error' });
      expect(await endpoint.batch(many)).toEqual(values);
      expect(await endpoint.batch(many)).toEqual(values);
      expect(sizes.filter((size) => size > 10)).toEqual([50, 50]);
    });

    type Answer = { readonly jsonrpc: string; readonly id?: unknown; readonly result?: unknown };
    it.each<[what: string, change: (answers: readonly Answer[]) => readonly unknown[]]>([
      ['the last one is missing', (answers) => answers.slice(0, -1)],
      ['the first ones are missing', (answers) => answers.slice(2)],
      ['one comes twice', (answers) => [...answers, ...answers.slice(0, 1)]],
      [
        'two have the same id',
        (answers) => answers.map((each, index) => (index === 1 ? { ...each, id: answers[0]?.id } : each)),
      ],
      ['one belongs to another request', (answers) => [...answers, { jsonrpc: '2.0', id: 999_999, result: 'foreign' }]],
      ['one is null', (answers) => [null, ...answers.slice(1)]],
      ['one has no id', (answers) => [{ jsonrpc: '2.0', result: 'whose?' }, ...answers.slice(1)]],
      ['one has an id of another type', (answers) => [{ ...answers[0], id: { value: 1 } }, ...answers.slice(1)]],
      ['they come in another order', (answers) => answers.toReversed()],
      [
        'the ids are texts and in another order',
        (answers) => answers.map((each) => ({ ...each, id: String(each.id) })).toReversed(),
      ],
    ])('gives every call its own answer when %s', async (_what, change) => {
      node.reply = (response, requests) => {
        const answers = requests.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }));
        response.end(JSON.stringify(requests.length > 1 ? change(answers) : answers[0]));
      };
      expect(await endpoint.batch(many)).toEqual(values);
    });

    it('does not take an error of every call for a limit when each call alone gets it as well', async () => {
      node.reply = (response, requests) => {
        sizes.push(requests.length);
        const error = { code: -32099, message: 'the flux capacitor is empty' };
        const answers = requests.map(({ id }) => ({ jsonrpc: '2.0', id, error }));
        response.end(JSON.stringify(requests.length > 1 ? answers : answers[0]));
      };
      for (const answer of await endpoint.batch(calls)) expect(answer).toMatchObject({ code: -32099 });
      takesAtMost(3, (response) => response.end());
      expect(await endpoint.batch(calls)).toEqual([1, 2, 3]);
      expect(sizes.at(-1)).toBe(3);
    });

    it('fails as a whole when the node answers one error for all', async () => {
      node.reply = (response) =>
        response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32005, message: 'limit exceeded' } }));
      const error = await failure(endpoint.batch(calls));
      expect(error).toBeInstanceOf(RpcUnavailableError);
      expectSilence(error);
    });

    it('takes answers with the ids of an earlier batch for missing', async () => {
      node.reply = (response) => response.end(JSON.stringify([{ jsonrpc: '2.0', id: 0, result: 1 }]));
      const answers = await endpoint.batch(calls);
      for (const answer of answers) expect(answer).toMatchObject({ failure: 'unreadable' });
    });

    const refusals: readonly (readonly [string, (response: ServerResponse) => void])[] = [
      ['HTTP 400', (response) => response.writeHead(400).end('bad request')],
      ['HTTP 413', (response) => response.writeHead(413).end()],
      [
        'an array of one error',
        (response) => response.end('[{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}]'),
      ],
      [
        'an array of one error under HTTP 413',
        (response) =>
          response.writeHead(413).end('[{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"too many"}}]'),
      ],
      ['a limit for requests', (response) => response.end('{"jsonrpc":"2.0","error":{"code":-32600,"message":"no"}}')],
      [
        'an error object',
        (response) => response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}'),
      ],
      [
        'a limit for batches',
        (response) => response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"batch limit of 10"}}'),
      ],
    ];
    it.each(refusals)('asks in parts of ten when a long list gets %s, and remembers that', async (_what, refuse) => {
      takesAtMost(10, refuse);
      expect(await endpoint.batch(many)).toEqual(values);
      expect(await endpoint.batch(many)).toEqual(values);
      expect(sizes.filter((size) => size > 10)).toEqual([50]);
    });

    it.each(refusals)('asks one by one when every list gets %s, and remembers that', async (_what, refuse) => {
      takesAtMost(1, refuse);
      expect(await endpoint.batch(many)).toEqual(values);
      expect(await endpoint.batch(many)).toEqual(values);
      expect(sizes.filter((size) => size > 1)).toEqual([50, 10]);
    });

    it('keeps the errors of single calls among the results', async () => {
      node.reply = (response, requests) => {
        if (requests.length > 1) return void response.writeHead(405).end();
        const [request] = requests;
        const value = request?.params[0];
        const error = { code: -32000, message: 'header not found' };
        response.end(
          JSON.stringify({ jsonrpc: '2.0', id: request?.id, ...(value === 2 ? { error } : { result: value }) }),
        );
      };
      const [first, second, third] = await endpoint.batch(calls);
      expect([first, third]).toEqual([1, 3]);
      expect(second).toBeInstanceOf(RpcError);
    });

    it.each([502, 503, 504, 429, 401])('does not take HTTP %i for a refusal of lists', async (status) => {
      node.reply = (response, requests) => {
        sizes.push(requests.length);
        response.writeHead(status).end();
      };
      expect(await failure(endpoint.batch(calls))).toBeInstanceOf(RpcUnavailableError);
      expect(sizes).toEqual([3]);
    });

    it('forgets what it took for a refusal when single calls fare no better', async () => {
      node.reply = (response) => response.writeHead(500).end();
      expect(await failure(endpoint.batch(calls))).toBeInstanceOf(RpcUnavailableError);
      takesAtMost(3, (response) => response.end());
      expect(await endpoint.batch(calls)).toEqual([1, 2, 3]);
      expect(sizes).toContain(3);
    });
  });

  describe('time-outs', () => {
    it.each([
      ['eth_sendRawTransaction', 'send'],
      ['eth_getTransactionReceipt', 'read'],
      ['eth_call', 'execution'],
      ['eth_estimateGas', 'execution'],
      ['eth_getLogs', 'logs'],
    ] as const)('go by the class of %s', async (method, className) => {
      node.reply = () => undefined;
      const impatient = new JsonRpcEndpoint('rpc-1', node.url, { ...PATIENT, [className]: 30 });
      expect(await failure(impatient.call(method, []))).toMatchObject({ failure: 'timeout' });
    });

    it('of a list is that of its slowest call', async () => {
      node.reply = (response, requests) => {
        const answers = requests.map(({ id }) => ({ jsonrpc: '2.0', id, result: 1 }));
        setTimeout(() => response.end(JSON.stringify(answers)), 100);
      };
      const patient = new JsonRpcEndpoint('rpc-1', node.url, { ...PATIENT, read: 10 });
      const list = ['eth_chainId', 'eth_call'].map((method) => ({ method, params: [] }));
      expect(await patient.batch(list)).toEqual([1, 1]);
    });

    it('end early when the endpoint is closed, and nothing is asked from then on', async () => {
      node.reply = () => undefined;
      const patient = new JsonRpcEndpoint('rpc-1', node.url, PATIENT);
      const call = failure(patient.call('eth_chainId', []));
      await until('the request', () => node.calls.length === 1);
      patient.close();
      expect(await call).toMatchObject({ failure: 'network_error' });
      expect(await failure(patient.batch([{ method: 'eth_chainId', params: [] }]))).toMatchObject({
        failure: 'network_error',
      });
      expect(node.calls).toHaveLength(1);
    });

    it('close the connection, and leave no timer behind', async () => {
      const before = timers();
      let closed = false;
      node.reply = (response) => response.once('close', () => (closed = true));
      await failure(new JsonRpcEndpoint('rpc-1', node.url, IMPATIENT).call('eth_chainId', []));
      await until('the end of the connection', () => closed);
      node.reply = null;
      const patient = new JsonRpcEndpoint('rpc-1', node.url, PATIENT);
      for (let call = 0; call < 20; call += 1) await patient.call('eth_chainId', []);
      expect(timers() - before).toBeLessThan(10);
    });
  });

  it('uses its connections again', async () => {
    for (let call = 0; call < 20; call += 1) await endpoint.call('eth_chainId', []);
    // `fetch` opens another one when the first is not free again the moment an answer was read: on a busy machine, some.
    expect(node.connections).toBeLessThan(15);
  });

  it('says how long the endpoint wants to be left alone', async () => {
    node.reply = (response) => response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await failure(endpoint.call('eth_chainId', []))).toMatchObject({ retryAfterMs: 7_000 });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32005, message: 'slow down' } });
    node.reply = (response) => response.writeHead(429, { 'retry-after': '3' }).end(body);
    expect(await failure(endpoint.call('eth_chainId', []))).toMatchObject({ code: -32005, retryAfterMs: 3_000 });
  });
});
