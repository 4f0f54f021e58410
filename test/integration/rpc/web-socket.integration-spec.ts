import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../support/network/certificates.js';
import { ConnectProxy } from '../../support/network/connect-proxy.js';
import { TlsTerminator } from '../../support/network/tls-terminator.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

/** Heads are not polled within the time of a test: only pushed ones move the work on. */
const NO_POLLING = { BLOCK_POLL_INTERVAL: '60' };

describe('Endpoints over WebSockets', () => {
  let scene: RpcPoolFixture;
  let wsUrl: string;
  beforeAll(async () => {
    scene = await RpcPoolFixture.start();
    wsUrl = scene.chain.anvil.url.replace('http:', 'ws:');
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('deploys over one socket, by the heads that the node pushes', async () => {
    const replica = await scene.startWithOne({ ...NO_POLLING, WEB3_PROVIDER_URL: wsUrl, RPC_TIMEOUT: '5' });
    await replica.submit('by push');
    expect(await scene.summarize(replica, ['by push'])).toEqual(scene.deployOnce(['by push'], 1));
    expect(replica.holds.list()).toEqual([]);
  });

  it('works in one pool with an HTTP endpoint, and goes on without the socket', async () => {
    const tls = await TlsTerminatorInFront.of(scene.chain.anvil.port);
    const urls = `${tls.url},${scene.second.url}`;
    const replica = await scene.startWithBoth({ WEB3_PROVIDER_URL: urls, RPC_TIMEOUT: '5', ...tls.environment });
    await replica.submit('with the socket');
    await replica.waitForResult('with the socket');
    expect(tls.accepted).toBeGreaterThan(0);
    await tls.stop();
    await scene.isExcluded(replica, 'north', 'unreachable');
    await replica.submit('without the socket');
    const models = ['with the socket', 'without the socket'];
    expect(await scene.summarize(replica, models)).toEqual(scene.deployOnce(models, 2));
  });

  it('deploys over wss:// through a proxy, with an authority and a client certificate of its own', async () => {
    const [tls, proxy] = [await TlsTerminatorInFront.of(scene.chain.anvil.port), await ConnectProxy.start()];
    const replica = await scene.startWithOne({
      WEB3_PROVIDER_URL: tls.url,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      RPC_TIMEOUT: '5',
      ...NO_POLLING,
      ...tls.environment,
    });
    await replica.submit('through the proxy');
    expect(await scene.summarize(replica, ['through the proxy'])).toEqual(scene.deployOnce(['through the proxy'], 1));
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(tls.url).host]));
    await until('the end of the replica', () => replica.stop().then(() => true));
    await Promise.all([tls.stop(), proxy.stop()]);
  });
});

/** TLS in front of a node, for clients with a certificate only. */
class TlsTerminatorInFront {
  private constructor(
    private readonly terminator: TlsTerminator,
    /** What a client needs. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async of(port: number): Promise<TlsTerminatorInFront> {
    const authority = await CertificateAuthority.create();
    const [server, client] = await Promise.all([authority.issue('localhost'), authority.issue('client')]);
    await authority.remove();
    const ca = authority.identity.cert;
    const demands = { requestCert: true, rejectUnauthorized: true };
    const terminator = await TlsTerminator.start(port, { cert: server.cert, key: server.key, ca, ...demands });
    const environment = { RPC_TLS_CA: ca, RPC_TLS_CERT: client.cert, RPC_TLS_KEY: client.key };
    return new TlsTerminatorInFront(terminator, environment);
  }

  get url(): string {
    return `wss://localhost:${this.terminator.port}`;
  }

  get accepted(): number {
    return this.terminator.accepted;
  }

  async stop(): Promise<void> {
    await this.terminator.stop();
  }
}
