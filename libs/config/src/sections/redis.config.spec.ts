import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority, type Identity } from '../../../../test/support/network/certificates.js';
import type { Environment } from '../env/environment.js';
import { ConfigValidationError } from '../env/config-validation.error.js';
import { loadConfig } from '../env/load-config.js';
import { RedisConfig } from './redis.config.js';
import { secretsOf } from '../env/config-base.js';

let authority: CertificateAuthority;
let client: Identity;
let other: Identity;
beforeAll(async () => {
  authority = await CertificateAuthority.create();
  [client, other] = await Promise.all([authority.issue('client'), authority.issue('other')]);
});
afterAll(async () => await authority.remove());

function config(environment: Environment): RedisConfig {
  return loadConfig(environment, [RedisConfig]).get(RedisConfig);
}

function problems(environment: Environment): readonly string[] {
  try {
    config(environment);
  } catch (error) {
    if (error instanceof ConfigValidationError)
      return error.problems.map(({ variable, expected }) => `${variable} ${expected}`);
    throw error;
  }
  return [];
}

describe('RedisConfig', () => {
  it('takes lists of servers', () => {
    const { sentinels } = config({ REDIS_SENTINELS: 's-0.redis:26379, [::1]:26380', REDIS_SENTINEL_MASTER: 'm' });
    expect(sentinels).toEqual([
      { host: 's-0.redis', port: 26_379 },
      { host: '::1', port: 26_380 },
    ]);
  });

  it.each(['redis', 'a:1,', 'a:0', 'a:65536', 'a:1,a:1', 'redis://a:1', '::1:6379'])(
    'refuses %j for servers',
    (text) => {
      expect(problems({ REDIS_CLUSTER_NODES: text })).toEqual([
        'REDIS_CLUSTER_NODES must be comma-separated host:port, each different',
      ]);
    },
  );

  it('reads certificates and key from files, and hides the key line by line', () => {
    const settings = config({
      REDIS_URL: 'rediss://a',
      REDIS_TLS_CA_FILE: authority.identity.certFile,
      REDIS_TLS_CERT_FILE: client.certFile,
      REDIS_TLS_KEY_FILE: client.keyFile,
    });
    expect(settings).toMatchObject({ tlsCa: authority.identity.cert.trim(), tlsKey: client.key.trim() });
    const line = client.key.split('\n')[1] ?? '';
    expect(secretsOf(settings)).toContain(line);
    expect(inspect(settings) + JSON.stringify(settings)).not.toContain(line);
  });

  it('refuses what is no certificate and no key, without showing it', () => {
    const garbage = client.cert.replace(/^MI/m, 'xx');
    expect(problems({ REDIS_URL: 'rediss://a', REDIS_TLS_CA: garbage, REDIS_TLS_KEY: 'hunter2' })).toEqual([
      'REDIS_TLS_CA must be one or more certificates in PEM',
      'REDIS_TLS_KEY must be a private key in PEM, without a passphrase',
    ]);
  });

  it.each<[contradiction: string, environment: () => Environment, problem: string]>([
    [
      'two shapes',
      () => ({ REDIS_SENTINELS: 'a:1', REDIS_SENTINEL_MASTER: 'm', REDIS_CLUSTER_NODES: 'b:1' }),
      'REDIS_CLUSTER_NODES must not be set together with REDIS_SENTINELS',
    ],
    [
      'sentinels without a master name',
      () => ({ REDIS_SENTINELS: 'a:1' }),
      'REDIS_SENTINEL_MASTER is required together with REDIS_SENTINELS',
    ],
    [
      'a master of no sentinel',
      () => ({ REDIS_SENTINEL_MASTER: 'm' }),
      'REDIS_SENTINEL_MASTER must not be set without REDIS_SENTINELS',
    ],
    [
      'a password of no sentinel',
      () => ({ REDIS_SENTINEL_PASSWORD: 'hunter2' }),
      'REDIS_SENTINEL_PASSWORD must not be set without REDIS_SENTINELS',
    ],
    [
      'a database in a cluster',
      () => ({ REDIS_URL: 'redis://a/1', REDIS_CLUSTER_NODES: 'a:1' }),
      'REDIS_URL must name no database but 0 with REDIS_CLUSTER_NODES',
    ],
    [
      'a CA without TLS',
      () => ({ REDIS_URL: 'redis://a', REDIS_TLS_CA: authority.identity.cert }),
      'REDIS_TLS_CA must not be set unless REDIS_URL starts with rediss://',
    ],
    [
      'a certificate without key',
      () => ({ REDIS_URL: 'rediss://a', REDIS_TLS_CERT: client.cert }),
      'REDIS_TLS_KEY is required together with REDIS_TLS_CERT',
    ],
    [
      'a key without certificate',
      () => ({ REDIS_URL: 'rediss://a', REDIS_TLS_KEY: client.key }),
      'REDIS_TLS_CERT is required together with REDIS_TLS_KEY',
    ],
    [
      "another certificate's key",
      () => ({ REDIS_URL: 'rediss://a', REDIS_TLS_CERT: client.cert, REDIS_TLS_KEY: other.key }),
      'REDIS_TLS_KEY must be the key of REDIS_TLS_CERT',
    ],
  ])('refuses %s', (_contradiction, environment, problem) => {
    expect(problems(environment())).toEqual([problem]);
  });
});
