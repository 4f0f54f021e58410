import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonRpcEndpoint } from '#chain';
import { MockRpcNode } from '../support/rpc/mock-rpc-node.js';

const MEGABYTE = Buffer.alloc(1024 * 1024, ' ');

describe('a node that means ill', () => {
  let node: MockRpcNode;
  let endpoint: JsonRpcEndpoint;
  beforeEach(async () => {
    node = await MockRpcNode.start();
    const url = `http://someone:a-pass-word@127.0.0.1:${node.port}/v3/0123456789abcdef0123?key=short`;
    endpoint = new JsonRpcEndpoint('rpc-1', url, 20_000);
  });
  afterEach(() => node.stop());

  const failure = async (): Promise<Error> =>
    await endpoint.call('eth_chainId', []).then(
      () => new Error('it did not fail'),
      (error: unknown) => (error instanceof Error ? error : new Error('no error')),
    );

  it('follows no redirect', async () => {
    const asked: string[] = [];
    const inside: Server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}');
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/latest/meta-data`;
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        node.reply = (response) => void response.writeHead(status, { location }).end();
        expect((await failure()).name).toBe('RpcUnavailable');
      }
      expect(asked).toEqual([]);
    } finally {
      await new Promise((resolve) => inside.close(resolve));
    }
  });

  it('fills no memory with an answer without end', async () => {
    let sent = 0;
    node.reply = (response) => {
      const more = (): void => {
        if (response.destroyed) return;
        sent += 1;
        response.write(MEGABYTE, more);
      };
      more();
    };
    expect(await failure()).toMatchObject({
      name: 'RpcUnavailable',
      message: expect.stringMatching(/the answer is longer than \d+ bytes/) as string,
    });
    expect(sent).toBeLessThan(130);
  });

  it('fills no memory with little that unpacks to much', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '), { level: 1 });
    node.reply = (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    expect((await failure()).message).toMatch(/the answer is longer than \d+ bytes/);
  });

  it.each([
    ['lists in lists', `{"jsonrpc":"2.0","id":1,"error":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['revert data in revert data', `{"error":${'{"data":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['no object', '[[[]]]'],
    ['the prototype', '{"__proto__":{"result":"0x1"}}'],
  ])('says nothing by %s', async (_what, body) => {
    node.reply = (response) => void response.end(body);
    expect((await failure()).name).toMatch(/^Rpc(?:Unavailable|Error)$/);
    expect(Object.hasOwn(Object.prototype, 'result')).toBe(false);
  });

  it('is quoted without what it was asked with, and otherwise as it spoke', async () => {
    const basic = Buffer.from('someone:a-pass-word').toString('base64');
    const message = [
      `execution reverted: no project 0123456789ABCDEF0123 (short) of someone at http://127.0.0.1:${node.port}/v3/x`,
      `with "a-pass-word", Basic ${basic}; see wss://elsewhere/${'x'.repeat(400)}`,
    ].join(' ');
    node.reply = (response, [request]) =>
      void response.end(JSON.stringify({ jsonrpc: '2.0', id: request?.id, error: { code: 3, message, data: '0x' } }));
    expect(await failure()).toMatchObject({
      name: 'RpcError',
      code: 3,
      data: '0x',
      message:
        'execution reverted: no project [redacted] ([redacted]) of someone at http://[redacted] with "[redacted]", ' +
        'Basic [redacted]; see wss://[redacted]',
    });
  });
});
