import { LocalServer } from '../process/local-server.js';
import { jsonRpcRequest } from './json-rpc-request.js';

/** An Ethereum client on a free port. */
export abstract class EvmNode extends LocalServer {
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** One JSON-RPC call. */
  readonly request = async (method: string, params: readonly unknown[] = []): Promise<unknown> =>
    await jsonRpcRequest(this.url, method, params);

  protected override async probe(): Promise<unknown> {
    return await this.request('eth_chainId');
  }
}
