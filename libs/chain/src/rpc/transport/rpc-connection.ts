import { rootCertificates } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { type ChainConfig, secretsInHeaders, secretsInUrl } from '#config';

/** How an endpoint is reached, beside its URL. */
export interface RpcConnection {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Certificate authorities in PEM, trusted beside the public ones; null: only the public ones. */
  readonly tlsCa: string | null;
  /** Certificate of this client and its key in PEM. */
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** URL of the HTTP proxy; null: no proxy. */
  readonly proxyUrl: string | null;
}

export const DIRECT: RpcConnection = { headers: {}, tlsCa: null, tlsCert: null, tlsKey: null, proxyUrl: null };

/** The connection of the endpoint with that name, as configured. */
export function connectionOf(config: ChainConfig, name: string, url: string): RpcConnection {
  const { rpcHeaders, rpcTlsCa, rpcTlsCert, rpcTlsKey, httpsProxy, noProxy } = config;
  return {
    headers: { ...rpcHeaders['*'], ...rpcHeaders[name] },
    tlsCa: rpcTlsCa,
    tlsCert: rpcTlsCert,
    tlsKey: rpcTlsKey,
    proxyUrl: isProxied(new URL(url), noProxy ?? []) ? httpsProxy : null,
  };
}

/** Texts that no error may repeat. */
export function secretsOfConnection(url: string, { headers, proxyUrl }: RpcConnection): readonly string[] {
  const proxySecrets = proxyUrl === null ? [] : secretsInUrl(proxyUrl);
  return [...secretsInUrl(url), ...secretsInHeaders(headers), ...proxySecrets];
}

/** Connections for HTTP requests. */
export function createDispatcher({ proxyUrl, ...connection }: RpcConnection): Dispatcher {
  const tls = tlsOptions(connection);
  return proxyUrl === null ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxyUrl, requestTls: tls });
}

/** Agent for WebSockets; undefined: a connection of its own. */
export function createProxyAgent({ proxyUrl }: RpcConnection): HttpsProxyAgent<string> | undefined {
  return proxyUrl === null ? undefined : new HttpsProxyAgent(proxyUrl);
}

interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

export function tlsOptions({ tlsCa, tlsCert, tlsKey }: Omit<RpcConnection, 'headers' | 'proxyUrl'>): TlsOptions {
  return {
    ...(tlsCa === null ? {} : { ca: [...rootCertificates, tlsCa] }),
    ...(tlsCert === null || tlsKey === null ? {} : { cert: tlsCert, key: tlsKey }),
  };
}

/** HTTPS_PROXY is for TLS only. An entry of NO_PROXY is a host with its subdomains, with or without a port, or `*`. */
function isProxied({ protocol, hostname, port }: URL, noProxy: readonly string[]): boolean {
  if (protocol !== 'https:' && protocol !== 'wss:') return false;
  return !noProxy.some((entry) => {
    const [, host = '', onlyPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (onlyPort !== undefined && onlyPort !== (port || '443')) return false;
    return host === '*' || hostname === host || hostname.endsWith(`.${host}`);
  });
}
