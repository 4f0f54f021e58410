import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/anvil.js';
import { guideMessage } from '../support/guide-message.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const secret = (): string => randomBytes(24).toString('hex');

const PATHS = (
  '/health /health/ready /health/live /metrics /queues /dlq /dlq/unknown /deployments /deployments/good ' +
  '/deployments/unknown /audit /nowhere'
).split(' ');

describe('a service that is given secrets', () => {
  const redisPassword = secret();
  const rpcKey = secret();
  const readToken = secret();
  const log: string[] = [];
  const answers: string[] = [];
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.start({
      // So that DUMP shows what a key holds.
      redisArgs: ['--rdbcompression', 'no'],
      env: { OPS_API_READ_TOKEN: readToken, LOG_LEVEL: 'DEBUG', RPC_TIMEOUT: '1' },
      onServiceLine: (line) => log.push(line),
    });
    const { redis, rpcProxy, queue, service } = stack;
    await queue.redis.acl('SETUSER', 'service', 'on', `>${redisPassword}`, '~*', '&*', '+@all');
    const environment = {
      REDIS_URL: `redis://service:${redisPassword}@127.0.0.1:${redis.port}/0`,
      WEB3_PROVIDER_URL: `http://127.0.0.1:${rpcProxy.port}/?key=${rpcKey}`,
    };
    await service.start(environment);
    const ask = async (): Promise<void> => {
      for (const path of PATHS) answers.push(JSON.stringify(await service.request('GET', path)));
    };
    await queue.push(guideMessage({ model_id: 'good' }), guideMessage({ token_symbol: '' }), 'no JSON');
    await until('the queue to drain', () => queue.isDrained());
    await ask();
    await rpcProxy.become('refuse');
    await queue.push(guideMessage({ model_id: 'held' }));
    await until('the hold', async () =>
      JSON.stringify(await service.request('GET', '/health')).includes('rpc_unavailable'),
    );
    await ask();
    // The connections break, and the password is no longer right when the service connects again.
    await queue.redis.acl('SETUSER', 'service', 'resetpass');
    await queue.redis.call('CLIENT', 'KILL', 'USER', 'service');
    await until('unreadiness', async () => (await service.request('GET', '/health/ready')).status === 503);
    await ask();
    await service.stop('SIGTERM');
    // Refused at boot: a secret that is no address, a key that is no key.
    service.launch({ ...environment, CHAIN_ID: '1', OPS_API_TOKEN: 'short', DEPLOYER_PRIVATE_KEY: rpcKey });
    await service.exit();
  });

  afterAll(() => stack.stop());

  const secrets = (): string[] => [
    redisPassword,
    rpcKey,
    readToken,
    stack.opsToken,
    ANVIL_ACCOUNTS[0].privateKey.slice(2),
    `:${stack.rpcProxy.port}`,
  ];

  it('logs none of them, in good days and in outages', () => {
    expect(log.length).toBeGreaterThan(20);
    expect(log.filter((line) => secrets().some((one) => line.includes(one)))).toEqual([]);
  });

  it('answers none of them', () => {
    expect(answers).toHaveLength(3 * PATHS.length);
    expect(answers.filter((answer) => secrets().some((one) => answer.includes(one)))).toEqual([]);
  });

  it('writes none of them into Redis', async () => {
    const keys = await stack.queue.redis.keys('*');
    const dumps = await Promise.all(
      keys.map(async (key) => (await stack.queue.redis.dumpBuffer(key)).toString('latin1')),
    );

    expect(keys.length).toBeGreaterThan(3);
    expect(dumps.filter((dump) => secrets().some((one) => dump.includes(one)))).toEqual([]);
  });
});
