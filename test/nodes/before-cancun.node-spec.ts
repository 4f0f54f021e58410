import { afterEach, describe, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { deployContracts } from '../support/chain/deploy-contracts.js';
import type { EvmNode } from '../support/chain/evm-node.js';
import { freePort } from '../support/network/free-port.js';
import { ServiceProcess } from '../support/process/service-process.js';
import { RedisServer } from '../support/redis/redis-server.js';
import { GETH_CHAIN_ID, GETH_DEVELOPER, GethNode } from './geth-node.js';
import { HardhatNode } from './hardhat-node.js';

/** Sentence of both refusals. */
const MISSING = /EIP-1153 \(transient storage\) and EIP-5656 \(MCOPY\)/;

const NODES: readonly (readonly [name: string, start: () => Promise<EvmNode>, chainId: string, key: string])[] = [
  ['geth', () => GethNode.startBeforeCancun(), GETH_CHAIN_ID, GETH_DEVELOPER.privateKey],
  ['hardhat', () => HardhatNode.start({ hardfork: 'shanghai' }), '31337', ANVIL_ACCOUNTS[0].privateKey],
];

describe('A chain before Cancun', () => {
  const servers: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0).toReversed()) await server.stop();
  });

  it.each(NODES)(
    'of %s is refused by the deployment of the contracts, by the name of the EIPs',
    async (_name, start, _id, key) => {
      const node = await start();
      servers.push(node);
      await expect(deployContracts(node, key)).rejects.toThrow(MISSING);
      expect(await node.request('eth_getTransactionCount', [GETH_DEVELOPER.address, 'pending'])).toBe('0x0');
    },
  );

  it.each(NODES)('of %s is refused at the start of the service', async (_name, start, chainId, key) => {
    const [node, redis] = [await start(), await RedisServer.start()];
    const service = new ServiceProcess({
      NODE_ENV: 'production',
      PORT: String(await freePort()),
      REDIS_URL: redis.url,
      WEB3_PROVIDER_URL: node.url,
      CHAIN_ID: chainId,
      FACTORY_ADDRESS: ANVIL_ACCOUNTS[1].address,
      DEPLOYER_PRIVATE_KEY: key,
    });
    servers.push(redis, node, { stop: () => service.stop('SIGKILL') });
    service.launch();
    expect(await service.exit()).toBe(1);
    expect(service.output).toMatch(MISSING);
  });
});
