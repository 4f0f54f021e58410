import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OPERATE_TOKEN, ApiApp } from '../support/http/api-app.js';
import { RawTcpClient } from '../support/network/raw-tcp-client.js';
import { until } from '../support/until.js';

const BOUNDS = { headersTimeout: 400, requestTimeout: 800, idleTimeout: 1_500, checkInterval: 100, maxHeaders: 200 };

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

const nested = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('HTTP in bad hands', () => {
  let ops: ApiApp;
  let url: string;
  const clients: RawTcpClient[] = [];
  beforeAll(async () => {
    ops = await new ApiApp({ bounds: BOUNDS }).start();
    ops.state.markReady();
    url = await ops.url();
  });
  afterAll(() => ops.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  const connected = (): RawTcpClient => {
    const client = RawTcpClient.connect(Number(new URL(url).port));
    clients.push(client);
    return client;
  };
  const live = async (): Promise<number> => (await fetch(`${url}/health/live`)).status;
  const post = async (
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATE_TOKEN}`, 'content-type': 'application/json', ...headers },
      body,
    });

  /** Writes a byte now and then until the server has had enough of it; probes are answered meanwhile. */
  async function trickle(client: RawTcpClient, bytes: string): Promise<void> {
    await until('the end of a slow client', async () => {
      client.write(bytes);
      expect(await live()).toBe(200);
      return client.ended;
    });
  }

  it('ends a client whose headers trickle in', async () => {
    const client = connected();
    client.write('GET /health/live HTTP/1.1\r\nHost: a\r\n');
    await trickle(client, 'X');
    expect(client.statuses).toEqual(['408']);
  });

  it('ends a client whose body trickles in, and one whose chunks never end', async () => {
    const [sized, chunked] = [connected(), connected()];
    const head = 'POST /queue/pause HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    sized.write(`${head}Content-Length: 60000\r\n\r\n`);
    chunked.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    await Promise.all([trickle(sized, ' '), trickle(chunked, '1\r\n \r\n')]);
    expect([...sized.statuses, ...chunked.statuses]).not.toContain('200');
  });

  it('answers while hundreds connect and say nothing, and ends them', async () => {
    const idle = Array.from({ length: 300 }, () => connected());
    expect(await live()).toBe(200);
    await until('the end of the idle', () => idle.every((client) => client.ended));
    expect(await live()).toBe(200);
  });

  it('refuses headers that are too many or too long', async () => {
    const many = connected();
    many.write(`GET /health/live HTTP/1.1\r\n${'X: y\r\n'.repeat(10_000)}\r\n`);
    const long = connected();
    long.write(`GET /health/live HTTP/1.1\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`);
    await until('the refusals', () => many.ended && long.ended);
    expect([many.statuses, long.statuses]).toEqual([['431'], ['431']]);
  });

  it('answers pipelined requests, all of them and in order', async () => {
    const client = connected();
    client.write(`${get('/health/live')}${get('/nowhere')}`.repeat(100));
    await until('the answers', () => client.statuses.length === 200);
    expect(client.statuses).toEqual(Array.from({ length: 100 }, () => ['200', '404']).flat());
  });

  it.each([
    'GET / HTTP/9.9\r\n\r\n',
    '\0\u00ff\u0016\u0003',
    'GET /health/live HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n',
  ])('refuses %j', async (bytes) => {
    const client = connected();
    client.write(bytes);
    await until('the refusal', () => client.ended);
    expect(client.statuses).toEqual(['400']);
  });

  it('takes no body for two by its two lengths', async () => {
    const client = connected();
    const head = 'POST /queue/pause HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    client.write(
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\n\r\n`,
    );
    await until('the refusal', () => client.ended);
    expect(client.statuses).toEqual(['400']);
  });

  it('counts the bytes of a compressed body when it is open', async () => {
    const bomb = gzipSync(JSON.stringify({ note: ' '.repeat(20_000_000) }));
    expect(bomb.length).toBeLessThan(65_536);
    expect((await post('/queue/pause', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it.each([
    ['a list in lists', nested('[', ']', 30_000)],
    ['an object in objects', nested('{"a":', '}', 9_000)],
    ['a note', `{"note":${nested('[', ']', 30_000)}}`],
    ['a filter', `{"filter":${nested('{"filter":', '}', 5_000)}}`],
    ['a filter under __proto__', '{"__proto__":{"filter":{"reason":"invalid_json"}}}'],
    ['a filter under constructor', '{"constructor":{"prototype":{"limit":1}}}'],
    ['a filter with __proto__', '{"filter":{"__proto__":{"reason":"invalid_json"}}}'],
    ['a filter with a constructor', '{"filter":{"constructor":null}}'],
    ['a number without bounds', `{"limit":${'9'.repeat(60_000)}}`],
    ['a number that is infinite', '{"limit":1e400}'],
  ])('refuses %s as a body, with and without an idempotency key', async (_what, body) => {
    for (const path of ['/dlq/replay', '/queue/pause', '/dlq/a/replay']) {
      expect((await post(path, body)).status).toBe(400);
      expect((await post(path, body, { 'idempotency-key': 'a' })).status).toBe(400);
    }
    expect(ops.deadLetters.replayed).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'filter')).toBe(false);
    expect(await live()).toBe(200);
  });

  it.each(['__proto__=1', 'constructor=1', 'prototype=1', '__proto__[limit]=1'])(
    'refuses the query %s',
    async (query) => {
      const response = await fetch(`${url}/dlq?${query}`, { headers: { authorization: `Bearer ${OPERATE_TOKEN}` } });
      expect(response.status).toBe(400);
    },
  );

  it.each([
    '/health/../dlq',
    '/health%2f..%2fdlq',
    '/health/live/../../dlq',
    '//dlq',
    '/DLQ',
    '/dlq/',
    '/dlq;a',
    '/dlq%00',
    '/.//dlq',
    '\\dlq',
  ])('refuses requests without a token on the path %s', async (path) => {
    const client = connected();
    client.write(get(path));
    await until('the answer', () => client.statuses.length === 1);
    expect(client.statuses[0]).toMatch(/^4/);
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%0d%0aSet-Cookie:%20a=b',
    '%E2%80%A8',
    '__proto__',
    'constructor',
    'a'.repeat(10_000),
  ])('finds nothing under %s, and does not repeat it', async (id) => {
    for (const path of ['/deployments/', '/dlq/', '/dlq/replays/']) {
      const headers = { authorization: `Bearer ${OPERATE_TOKEN}` };
      const response = await fetch(url + path + id, { headers });
      expect(response.status).toBe(404);
      expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(decodeURIComponent(id));
    }
  });

  it('names some of many unknown fields, not all', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
    const response = await post('/dlq/replay', JSON.stringify(fields));
    expect(response.status).toBe(400);
    expect((await response.text()).length).toBeLessThan(5_000);
  });

  it('rejects a repeated key by its name, and takes text with half a surrogate pair', async () => {
    const repeated = await post('/dlq/replay', '{"dry_run":true,"dry_run":false}');
    expect(repeated.status).toBe(400);
    expect(await repeated.text()).toContain('dry_run');
    const replay = await post('/dlq/replay', String.raw`{"dry_run":true,"note":"\ud800"}`);
    expect(await replay.json()).toMatchObject({ dry_run: true });
  });
});
