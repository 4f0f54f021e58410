import { LocalServer } from '../process/local-server.js';

/** An Ethereum client on a free port. */
export abstract class EvmNode extends LocalServer {
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** One JSON-RPC call. */
  readonly request = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(10_000),
    });
    const body = (await response.json()) as { result?: unknown; error?: { message: string; data?: unknown } };
    if (body.error) throw Object.assign(new Error(`${method}: ${body.error.message}`), { data: body.error.data });
    return body.result;
  };

  protected override async probe(): Promise<unknown> {
    return await this.request('eth_chainId');
  }
}
