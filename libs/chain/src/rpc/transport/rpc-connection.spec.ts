import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority, type Identity } from '../../../../../test/support/network/certificates.js';
import { ConnectProxy } from '../../../../../test/support/network/connect-proxy.js';
import { TlsTerminator } from '../../../../../test/support/network/tls-terminator.js';
import { MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { ChainConfig, readSettings } from '#config';
import { createEndpoints } from './json-rpc-endpoint.factory.js';
import type { JsonRpcEndpoint } from './json-rpc-endpoint.js';

const KEY = 'a-secret-header-value';

let authority: CertificateAuthority;
let server: Identity;
let client: Identity;
beforeAll(async () => {
  authority = await CertificateAuthority.create();
  // One after the other: openssl keeps the last serial in a file.
  server = await authority.issue('localhost');
  client = await authority.issue('client');
});
afterAll(() => authority.remove());

const identity = () => ({ RPC_TLS_CA: authority.identity.cert, RPC_TLS_CERT: client.cert, RPC_TLS_KEY: client.key });

describe('the connection of an RPC endpoint', () => {
  let node: MockRpcNode;
  let tls: TlsTerminator;
  let proxy: ConnectProxy;
  const opened: JsonRpcEndpoint[] = [];
  beforeEach(async () => {
    node = await MockRpcNode.start({ eth_chainId: () => '0x1' });
    const port = Number(new URL(node.url).port);
    tls = await TlsTerminator.start(port, {
      cert: server.cert,
      key: server.key,
      ca: authority.identity.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    proxy = await ConnectProxy.start();
  });
  afterEach(async () => {
    for (const endpoint of opened.splice(0)) endpoint.close();
    await Promise.all([node.stop(), tls.stop(), proxy.stop()]);
  });

  const endpoints = (urls: readonly string[], environment: Readonly<Record<string, string>>) => {
    const variables = { CHAIN_ID: '1', WEB3_PROVIDER_URL: urls.join(','), ...environment };
    const created = createEndpoints(readSettings(variables, [ChainConfig]).get(ChainConfig), 5_000);
    opened.push(...created);
    return created;
  };
  const chainId = async (url: string, environment: Readonly<Record<string, string>> = {}) =>
    await endpoints([url], environment)[0]?.call('eth_chainId', []);
  const failure = async (url: string, environment: Readonly<Record<string, string>>): Promise<unknown> =>
    await chainId(url, environment).then(
      () => Promise.reject(new Error('it answered')),
      (error: unknown) => error,
    );
  const secureUrl = () => `https://localhost:${tls.port}/v3/a-secret-access-key`;

  it('sends the headers of its endpoint and those of all, and no others', async () => {
    const headers = { '*': { 'X-Team': 'tokens' }, second: { Authorization: `Bearer ${KEY}`, 'x-api-key': KEY } };
    const urls = [node.url, `${node.url}/second`];
    const both = endpoints(urls, { RPC_NAMES: 'first,second', RPC_HEADERS: JSON.stringify(headers) });
    for (const endpoint of both) await endpoint.call('eth_chainId', []);
    expect(node.headers[0]).toMatchObject({ 'x-team': 'tokens' });
    expect(node.headers[0]).not.toHaveProperty('authorization');
    expect(node.headers[1]).toMatchObject({ 'x-team': 'tokens', authorization: `Bearer ${KEY}`, 'x-api-key': KEY });
  });

  it('repeats no header in an error that the node repeats', async () => {
    node.reply = (response) => response.end(`{"id":1,"error":{"code":-32000,"message":"bad key ${KEY}"}}`);
    const error = await failure(node.url, { RPC_HEADERS: JSON.stringify({ '*': { 'x-api-key': KEY } }) });
    expect(error).toMatchObject({ code: -32000 });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(KEY);
  });

  it('trusts the configured authority and shows the certificate of the client', async () => {
    expect(await chainId(secureUrl(), identity())).toBe('0x1');
  });

  it('refuses a server of an unknown authority', async () => {
    const error = await failure(secureUrl(), {});
    expect(error).toMatchObject({ failure: 'network_error' });
    expect(node.calls).toEqual([]);
  });

  it('is refused without the certificate of the client', async () => {
    const error = await failure(secureUrl(), { RPC_TLS_CA: authority.identity.cert });
    expect(error).toMatchObject({ failure: 'network_error' });
    expect(node.calls).toEqual([]);
  });

  it('goes through the proxy, with its credentials', async () => {
    const HTTPS_PROXY = `http://user:proxy-pass-word@127.0.0.1:${proxy.port}`;
    expect(await chainId(secureUrl(), { ...identity(), HTTPS_PROXY })).toBe('0x1');
    expect(proxy.targets).toEqual([`localhost:${tls.port}`]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('user:proxy-pass-word').toString('base64')}`]);
  });

  it.each(['localhost', '*', '.example.org, localhost', 'LOCALHOST'])(
    'goes past the proxy with NO_PROXY=%s',
    async (hosts) => {
      const environment = { ...identity(), HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: hosts };
      expect(await chainId(secureUrl(), environment)).toBe('0x1');
      expect(proxy.targets).toEqual([]);
    },
  );

  it.each(['example.org', 'host', 'localhost:1'])('goes through the proxy with NO_PROXY=%s', async (hosts) => {
    const environment = { ...identity(), HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: hosts };
    expect(await chainId(secureUrl(), environment)).toBe('0x1');
    expect(proxy.targets).toHaveLength(1);
  });

  it('reaches http:// endpoints without the proxy', async () => {
    expect(await chainId(node.url, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` })).toBe('0x1');
    expect(proxy.targets).toEqual([]);
  });

  it('says that the proxy refuses, and not where it is', async () => {
    proxy.refusal = 407;
    const HTTPS_PROXY = `http://user:proxy-pass-word@127.0.0.1:${proxy.port}`;
    const error = await failure(secureUrl(), { ...identity(), HTTPS_PROXY });
    expect((error as Error).message).toBe('eth_chainId on rpc-1: the proxy answers HTTP 407');
    for (const secret of ['proxy-pass-word', String(proxy.port), 'a-secret-access-key'])
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });
});
