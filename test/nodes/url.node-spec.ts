import { afterEach, describe, expect, it } from 'vitest';
import { deployContracts } from '../support/chain/deploy-contracts.js';
import { FactoryTokenReader } from '../support/chain/factory-token-reader.js';
import { jsonRpcRequest } from '../support/chain/json-rpc-request.js';
import { freePort } from '../support/network/free-port.js';
import { ServiceProcess } from '../support/process/service-process.js';
import { ProducerClient } from '../support/redis/producer-client.js';
import { RedisServer } from '../support/redis/redis-server.js';
import { until } from '../support/until.js';
import { eventCount, names, oneTokenEach, outcome, push, WAITING } from './node-scenario.js';

/** vitest.config.ts takes this file in only with NODE_URL; `npm run test:nodes` refuses one without the other. */
const { NODE_URL: url = '', NODE_PRIVATE_KEY: key = '' } = process.env;

const request = (method: string, params?: readonly unknown[]): Promise<unknown> => jsonRpcRequest(url, method, params);

describe('The service on the node of NODE_URL', () => {
  const opened: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });

  it('deploys 100 tokens while the service is killed', { timeout: 900_000 }, async () => {
    const redis = await RedisServer.start();
    opened.push(() => redis.stop());
    const queue = ProducerClient.connect(redis.url);
    opened.push(() => queue.close());
    const factory = await deployContracts({ request }, key);
    const tokens = new FactoryTokenReader(url, factory);
    opened.push(() => tokens.close());
    const service = new ServiceProcess({
      NODE_ENV: 'production',
      PORT: String(await freePort()),
      REDIS_URL: redis.url,
      WEB3_PROVIDER_URL: url,
      CHAIN_ID: String(Number(await request('eth_chainId'))),
      FACTORY_ADDRESS: factory,
      DEPLOYER_PRIVATE_KEY: key,
      CONFIRMATIONS: '2',
    });
    opened.push(() => service.stop('SIGKILL'));
    await service.start();
    // The chain keeps the tokens of earlier runs.
    const models = names(`url-${Date.now()}`, 100);
    await push({ queue, tokens }, ...models);
    await until('the first tokens', async () => (await eventCount({ queue, tokens })) > 0, WAITING);
    await service.stop('SIGKILL');
    await service.start();
    const { tokens: deployed, ...others } = await outcome({ queue, tokens });
    const own = new Set(models);
    expect({ ...others, tokens: deployed.filter((model) => own.has(model)) }).toEqual(oneTokenEach(models));
  });
});
