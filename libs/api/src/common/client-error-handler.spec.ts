import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';

/** Status and code of an answer that is a problem in every respect. */
function problemIn(answer: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const { type, request_id } = JSON.parse(body) as { type: string; request_id: string };
  expect(head.split('\r\n')).toEqual(
    expect.arrayContaining([
      'Content-Type: application/problem+json; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${request_id}`,
    ]),
  );
  return `${/ (\d{3}) /.exec(head)?.[1]} ${type.split(':').at(-1)}`;
}

describe('requests that no route ever sees', () => {
  let ops: ApiApp;
  let port: number;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    port = Number(new URL(await ops.url()).port);
  });
  afterEach(() => ops.stop());

  /** All that comes back until the connection is closed. */
  async function answerTo(...bytes: readonly string[]): Promise<string> {
    return await new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes.join('\r\n')));
      let received = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (received += chunk));
      socket.once('error', reject);
      socket.once('close', () => resolve(received));
    });
  }

  it.each([
    ['that are no HTTP', ['canary', '', ''], '400 malformed-request'],
    ['with a broken header', ['GET /queues HTTP/1.1', 'Host: a', 'canary', '', ''], '400 malformed-request'],
    [
      'with two lengths',
      ['POST /dlq/replay HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 2', '', ''],
      '400 malformed-request',
    ],
    [
      'with too large headers',
      ['GET /queues HTTP/1.1', 'Host: a', `X-Large: ${'x'.repeat(17_000)}`, '', ''],
      '431 headers-too-large',
    ],
    ['with too long a target', [`GET /dlq/${'x'.repeat(17_000)} HTTP/1.1`, 'Host: a', '', ''], '431 headers-too-large'],
    [
      'with an expectation',
      ['POST /dlq/replay HTTP/1.1', 'Host: a', 'Expect: the unexpected', 'Connection: close', '', ''],
      '417 expectation-failed',
    ],
  ])('%s are refused in the words of all others', async (_what, bytes, problem) => {
    const answer = await answerTo(...bytes);
    expect(problemIn(answer)).toBe(problem);
    expect(answer).not.toContain('canary');
  });

  it('are never taken for the answer to another one', async () => {
    const good = ['GET /queues HTTP/1.1', 'Host: a', `Authorization: Bearer ${READ_TOKEN}`, '', ''].join('\r\n');
    expect(await answerTo(`${good}canary\r\n\r\n`)).not.toMatch(/^HTTP\/1\.1 400/);
  });
});
