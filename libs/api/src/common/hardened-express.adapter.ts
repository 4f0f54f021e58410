import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Milliseconds, but for the last. */
export interface ListenerLimits {
  /** From the first byte, or from connecting, to the end of the headers. */
  readonly headersTimeout: number;
  /** The same to the end of the body. */
  readonly requestTimeout: number;
  /** Without a byte in either direction, such as to a client that does not read its answer. */
  readonly idleTimeout: number;
  /** Between two looks for connections that took too long. */
  readonly checkInterval: number;
  /** What is beyond is not read (https://nodejs.org/api/http.html#servermaxheaderscount). */
  readonly maxHeaders: number;
}

const LIMITS: ListenerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  idleTimeout: 60_000,
  checkInterval: 5_000,
  maxHeaders: 200,
};

/**
 * HTTP for Nest on a server with short timeouts. The number of connections has no maximum: an attacker who reached it
 * would lock out the probes, and the kubelet would restart the process.
 */
export class HardenedExpressAdapter extends ExpressAdapter {
  constructor(private readonly bounds: ListenerLimits = LIMITS) {
    super();
  }

  override initHttpServer(): void {
    const { headersTimeout, requestTimeout, checkInterval, idleTimeout, maxHeaders } = this.bounds;
    const options = { headersTimeout, requestTimeout, connectionsCheckingInterval: checkInterval };
    this.httpServer = createServer(options, this.getInstance());
    this.httpServer.maxHeadersCount = maxHeaders;
    this.httpServer.timeout = idleTimeout;
  }
}
