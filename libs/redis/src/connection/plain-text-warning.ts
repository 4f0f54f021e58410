import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BlockList, isIPv6, type Socket } from 'node:net';

/** Addresses of the machine and of private networks (RFC 1918, 3927, 4193, 4291, 6598). */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, prefix);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const logger = new Logger('RedisConnection');

/** Warns when a connection without TLS leaves the private networks: once for each address in a row. */
export function warnOfPlainText(redis: Redis): void {
  let warnedOf: string | null = null;
  redis.on('ready', () => {
    const address = exposedAddress(redis.stream);
    if (address !== null && address !== warnedOf) {
      const message = 'Redis connection without TLS to a public address';
      logger.warn({ event: 'redis.plain_text', message, address });
    }
    warnedOf = address;
  });
}

/** Returns the public address that the socket reaches without TLS; null for any other socket. */
export function exposedAddress(
  socket: Pick<Socket, 'remoteAddress'> & { readonly encrypted?: boolean },
): string | null {
  const { remoteAddress, encrypted } = socket;
  // A Unix socket has no address.
  if (encrypted === true || remoteAddress === undefined) return null;
  return PRIVATE.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4') ? null : remoteAddress;
}
