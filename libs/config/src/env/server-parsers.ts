import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { EnvParser } from './env-parser.js';

/** Where a server listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const HOST_PORT = /^(?:\[(?<ipv6>[\da-fA-F:.]+)\]|(?<name>[\w.-]+)):(?<port>\d{1,5})$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** `host:port` with commas between them, at least one; an IPv6 address in brackets. */
export function hostPorts(): EnvParser<readonly HostPort[]> {
  return {
    expected: 'comma-separated host:port, each different',
    parse: (text) => {
      const parts = text.split(',').map((part) => part.trim());
      const servers = parts.map((part) => hostPort(part)).filter((server) => server !== undefined);
      return servers.length === parts.length && new Set(parts).size === parts.length
        ? Object.freeze(servers)
        : undefined;
    },
  };
}

/** IP addresses, or subnets in CIDR notation, with commas between them. */
export function subnets(): EnvParser<readonly string[]> {
  return {
    expected: 'comma-separated IP addresses or subnets, such as 10.0.0.0/8',
    parse: (text) => {
      const parts = text.split(',').map((part) => part.trim());
      return parts.every((part) => isSubnet(part)) ? Object.freeze(parts) : undefined;
    },
  };
}

/** Hosts with commas or blanks between them, as `NO_PROXY` has them. */
export function noProxyList(): EnvParser<readonly string[]> {
  return {
    expected: 'comma-separated host names, each with or without a port, or *',
    parse: (text) => {
      const hosts = text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((host) => host !== '');
      return hosts.every((host) => /^(?:\*|[\w.*:[\]-]+)$/.test(host)) ? Object.freeze(hosts) : undefined;
    },
  };
}

/** Address of a web site, without a slash at its end. It is shown to people, so it may carry no password, query or fragment. */
export function webSite(): EnvParser<string> {
  return {
    expected: 'a URL that starts with http:// or https://, without user, password, query and fragment',
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const plain = url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === '';
      return plain && !/[?#\s]/.test(text) ? url.href.replace(/(?<!\/)\/+$/, '') : undefined;
    },
  };
}

/** One or more X.509 certificates in PEM (RFC 7468). They are public: nothing of them is hidden in logs. */
export function certificates(): EnvParser<string> {
  return {
    expected: 'one or more certificates in PEM',
    parse: (text) => {
      const found = text.match(CERTIFICATE) ?? [];
      return found.length > 0 && found.every((pem) => isReadable(() => new X509Certificate(pem))) ? text : undefined;
    },
    secretsIn: () => [],
  };
}

/** A private key in PEM (RFC 7468), not encrypted. */
export function pemPrivateKey(): EnvParser<string> {
  return {
    expected: 'a private key in PEM, without a passphrase',
    parse: (text) => (isReadable(() => createPrivateKey(text)) ? text : undefined),
    // A log line shows its line ends escaped: each line counts by itself.
    secretsIn: (text) => {
      const lines = text.split('\n').map((line) => line.trim());
      return lines.filter((line) => line !== '' && !line.startsWith('-----'));
    },
  };
}

/** Whether the key belongs to the first certificate of the PEM text. */
export function isKeyOf(certificatesPem: string, keyPem: string): boolean {
  return new X509Certificate(certificatesPem).checkPrivateKey(createPrivateKey(keyPem));
}

function hostPort(text: string): HostPort | undefined {
  const { ipv6, name, port } = HOST_PORT.exec(text)?.groups ?? {};
  const host = ipv6 ?? name;
  const number = Number(port);
  return host !== undefined && number >= 1 && number <= 65_535 ? Object.freeze({ host, port: number }) : undefined;
}

function isSubnet(text: string): boolean {
  const [, address = '', length = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(length) <= (version === 4 ? 32 : 128);
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
