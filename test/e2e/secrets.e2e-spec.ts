import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentTable } from '#config';
import {
  type Canary,
  headerCanary,
  pemCanary,
  plainCanary,
  proxyCanary,
  redisCanary,
  rpcCanary,
  secret,
  leaks,
} from '../security/canaries.js';
import { EchoingNode } from '../security/echoing-node.js';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { CertificateAuthority } from '../support/network/certificates.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const PATHS = (
  '/health /health/ready /health/live /metrics /queues /dlq /dlq/unknown /deployments /deployments/good ' +
  '/deployments/held /deployments/unknown /audit /lanes /openapi.json /nowhere'
).split(' ');

/** Loaded before the service, whose process then fails at SIGUSR2 with an error as drivers make them. */
const FAILING = `
import { readFileSync } from 'node:fs';
process.on('SIGUSR2', () => {
  const { REDIS_URL, WEB3_PROVIDER_URL, OPS_API_TOKEN, DEPLOYER_PRIVATE_KEY_FILE, FAIL_BY } = process.env;
  const cause = new Error(readFileSync(DEPLOYER_PRIVATE_KEY_FILE, 'utf8') + OPS_API_TOKEN);
  const error = Object.assign(new Error('no answer from ' + REDIS_URL + ' and ' + WEB3_PROVIDER_URL, { cause }), {
    command: { name: 'auth', args: ['service', new URL(REDIS_URL).password] },
  });
  if (FAIL_BY === 'rejection') void Promise.reject(error);
  else throw error;
});`;

describe('a service that is given secrets', () => {
  const log: string[] = [];
  const answers: string[] = [];
  const exits: (number | null)[] = [];
  const canaries = new Map<string, Canary>();
  const keyFile = join(tmpdir(), `key-${secret()}`);
  const readToken = plainCanary();
  let authority: CertificateAuthority;
  let node: EchoingNode;
  let stack: TestStack;
  let environment: Record<string, string>;

  const plant = <T extends Canary>(name: string, canary: T): T => {
    const patterns = [...(canaries.get(name)?.patterns ?? []), ...canary.patterns];
    canaries.set(name, { value: canary.value, patterns });
    return canary;
  };

  const ask = async (): Promise<void> => {
    for (const path of PATHS) {
      const headers = { authorization: `Bearer ${stack.opsToken}` };
      const response = await fetch(stack.service.url + path, { headers, signal: AbortSignal.timeout(10_000) });
      answers.push(JSON.stringify([...response.headers]) + (await response.text()));
    }
  };

  /** Good messages and bad ones, and a node that refuses with its caller's secrets in its words. */
  async function workThroughOutages(): Promise<void> {
    const { queue, service } = stack;
    await queue.push(platformMessage({ model_id: 'good' }), platformMessage({ token_symbol: '' }), 'no JSON');
    await queue.drained();
    await ask();
    for (const mode of ['html', 'error', 'revert'] as const) {
      node.mode = mode;
      await queue.push(platformMessage({ model_id: `held by ${mode}` }));
      await until('the hold', async () =>
        JSON.stringify(await service.request('GET', '/health')).includes('rpc_unavailable'),
      );
      await ask();
      node.mode = 'forward';
      await queue.drained();
    }
  }

  /** The connections break, and the password is no longer right when the service connects again. */
  async function loseRedis(): Promise<void> {
    await stack.queue.redis.acl('SETUSER', 'service', 'resetpass');
    await stack.queue.redis.call('CLIENT', 'KILL', 'USER', 'service');
    await until('unreadiness', async () => (await stack.service.request('GET', '/health/ready')).status === 503);
    await ask();
    exits.push(await stack.service.stop('SIGTERM'));
  }

  async function fail(by: string): Promise<void> {
    const preload = `--import=data:text/javascript,${encodeURIComponent(FAILING)}`;
    stack.service.launch({ ...environment, NODE_OPTIONS: preload, FAIL_BY: by });
    await until('life', async () => (await stack.service.request('GET', '/health/live')).status === 200);
    stack.service.signal('SIGUSR2');
    exits.push(await stack.service.exit());
  }

  /** Connects to wrong sentinels and with TLS to plain-text servers, for Redis and for the node. */
  async function meetStrangers(): Promise<void> {
    const { cert, key } = await authority.issue('client');
    stack.service.launch({
      ...environment,
      REDIS_URL: plant('REDIS_URL', redisCanary('service', stack.redis.port, 'rediss')).value,
      REDIS_SENTINELS: `127.0.0.1:${stack.redis.port}`,
      REDIS_SENTINEL_MASTER: 'primary',
      REDIS_SENTINEL_PASSWORD: plant('REDIS_SENTINEL_PASSWORD', plainCanary()).value,
      REDIS_TLS_CA: plant('REDIS_TLS_CA', { value: authority.identity.cert, patterns: [] }).value,
      REDIS_TLS_CERT: plant('REDIS_TLS_CERT', { value: cert, patterns: [] }).value,
      REDIS_TLS_KEY: plant('REDIS_TLS_KEY', pemCanary(key)).value,
      WEB3_PROVIDER_URL: plant('WEB3_PROVIDER_URL', rpcCanary(node.port, 'https')).value,
      RPC_TLS_CA: plant('RPC_TLS_CA', { value: authority.identity.cert, patterns: [] }).value,
      RPC_TLS_CERT: plant('RPC_TLS_CERT', { value: cert, patterns: [] }).value,
      RPC_TLS_KEY: plant('RPC_TLS_KEY', pemCanary(key)).value,
      HTTPS_PROXY: plant('HTTPS_PROXY', proxyCanary(node.port)).value,
    });
    await until('life', async () => (await stack.service.request('GET', '/health/live')).status === 200);
    await until('the failures', () => /redis\.connection_lost/.test(stack.service.output));
    await ask();
    exits.push(await stack.service.stop('SIGTERM'));
  }

  /** Every secret in a form that is refused; then every one both by itself and by the name of a file, which is not there. */
  async function beRefused(): Promise<void> {
    const wrong = [...canaries.keys()].map((name) => [name, plant(name, plainCanary(`no ${secret()}`)).value] as const);
    stack.service.launch({
      ...environment,
      CHAIN_ID: 'x',
      DEPLOYER_PRIVATE_KEY_FILE: '',
      ...Object.fromEntries(wrong),
    });
    exits.push(await stack.service.exit());
    const files = wrong.map(([name]) => [`${name}_FILE`, `/none/${plant(name, plainCanary()).value}`] as const);
    const none = wrong.map(([name]) => [name, ''] as const);
    stack.service.launch({ ...environment, ...Object.fromEntries(none), ...Object.fromEntries(files) });
    exits.push(await stack.service.exit());
  }

  beforeAll(async () => {
    stack = await TestStack.start({
      // So that DUMP shows what a key holds.
      redisArgs: ['--rdbcompression', 'no'],
      env: { LOG_LEVEL: 'DEBUG', RPC_TIMEOUT: '1', POLL_INTERVAL: '0.2' },
      onServiceLine: (line) => log.push(line),
    });
    node = await EchoingNode.start(stack.node.url);
    authority = await CertificateAuthority.create();
    const [{ privateKey }] = ANVIL_ACCOUNTS;
    plant('DEPLOYER_PRIVATE_KEY', { value: privateKey, patterns: [privateKey.slice(2)] });
    await writeFile(keyFile, `${privateKey}\n`);
    // Refused beside the key, like the others in `beRefused`.
    plant('DEPLOYER_SIGNERS', plainCanary());
    plant('OPS_API_TOKEN', plainCanary(stack.opsToken));
    const redis = plant('REDIS_URL', redisCanary('service', stack.redis.port));
    await stack.queue.redis.acl('SETUSER', 'service', 'on', `>${redis.password}`, '~*', '&*', '+@all');
    environment = {
      REDIS_URL: redis.value,
      WEB3_PROVIDER_URL: plant('WEB3_PROVIDER_URL', rpcCanary(node.port)).value,
      RPC_HEADERS: plant('RPC_HEADERS', headerCanary('x-api-key')).value,
      DEPLOYER_PRIVATE_KEY: '',
      DEPLOYER_PRIVATE_KEY_FILE: keyFile,
      OPS_API_READ_TOKEN: plant('OPS_API_READ_TOKEN', readToken).value,
    };
    await stack.service.start(environment);
    await workThroughOutages();
    await loseRedis();
    await fail('exception');
    await fail('rejection');
    await meetStrangers();
    await beRefused();
  }, 240_000);

  afterAll(async () => {
    await rm(keyFile, { force: true });
    await authority?.remove();
    await node?.stop();
    await stack?.stop();
  });

  it('was given one of every kind that its settings know', () => {
    const rows = environmentTable().matchAll(/^\| `([A-Z0-9_]+)` .* Secret; /gm);
    expect(new Set(canaries.keys())).toEqual(new Set(Array.from(rows, ([, name]) => name)));
  });

  it('exits with the expected code in every case', () => {
    expect(exits).toEqual([0, 1, 1, 0, 1, 1]);
    expect(log.filter((line) => line.includes('process.uncaught_error'))).toHaveLength(2);
    expect(log.filter((line) => line.startsWith('The environment is not usable:'))).toHaveLength(2);
  });

  it('logs none of them: in good days, in outages, when it fails and when it is refused', () => {
    expect(log.length).toBeGreaterThan(20);
    expect(leaks(log, [...canaries.values()])).toEqual([]);
  });

  it('answers none of them', () => {
    expect(answers).toHaveLength(6 * PATHS.length);
    expect(leaks(answers, [...canaries.values()])).toEqual([]);
  });

  it('writes none of them into Redis', async () => {
    const keys = await stack.queue.redis.keys('*');
    const dumps = await Promise.all(
      keys.map(async (key) => key + (await stack.queue.redis.dumpBuffer(key)).toString('latin1')),
    );

    expect(keys.length).toBeGreaterThan(3);
    expect(leaks(dumps, [...canaries.values()])).toEqual([]);
  });
});
