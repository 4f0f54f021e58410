import { predictFactoryAddress } from '#contracts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployContracts, formatSummary } from '../../../apps/cli/src/deploy-contracts/deploy-contracts.runner.js';
import { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import { ANVIL_ACCOUNTS, Anvil } from '../../support/chain/anvil.js';

const [first, second, third] = ANVIL_ACCOUNTS;

describe('the command that deploys the contracts', () => {
  let anvil: Anvil;

  beforeAll(async () => {
    anvil = await Anvil.start();
  });

  afterAll(() => anvil.stop());

  const environment = (changes: Record<string, string> = {}): Record<string, string> => ({
    WEB3_PROVIDER_URL: anvil.url,
    CHAIN_ID: '31337',
    DEPLOYER_PRIVATE_KEY: `${first.privateKey},${second.privateKey}`,
    ...changes,
  });

  it('reports the addresses, and does nothing the second time', async () => {
    const deployment = await deployContracts(environment());
    expect(deployment.addresses).toMatchObject({
      chainId: 31_337,
      factory: predictFactoryAddress(first.address),
      admin: first.address,
      deployers: [first.address, second.address],
      deployedAtBlock: 1,
    });
    expect(formatSummary(deployment)).toHaveLength(4);
    const again = await deployContracts(environment());
    expect(again.addresses).toEqual(deployment.addresses);
    expect(formatSummary(again)[0]).toMatch(/^nothing to do/);
  });

  it('takes the key from a file, and another admin', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'key-'));
    const file = join(folder, 'key');
    await writeFile(file, `${second.privateKey}\n`);
    const changes = { DEPLOYER_PRIVATE_KEY: '', DEPLOYER_PRIVATE_KEY_FILE: file, FACTORY_ADMIN: third.address };
    const deployment = await deployContracts(environment(changes));
    await rm(folder, { recursive: true });
    expect(deployment.addresses).toMatchObject({ admin: third.address, deployers: [second.address] });
    expect(formatSummary(deployment).at(-1)).toBe(
      `still missing: ${third.address} must grant DEPLOYER_ROLE to ${second.address}`,
    );
  });

  it('grants no admin role outside a development chain unless FACTORY_ADMIN is set', async () => {
    const base = await Anvil.start(['--chain-id', '8453']);
    try {
      const there = { WEB3_PROVIDER_URL: base.url, CHAIN_ID: '8453' };
      await expect(deployContracts(environment(there))).rejects.toThrow('FACTORY_ADMIN must be an address');
      const deployment = await deployContracts(environment({ ...there, FACTORY_ADMIN: first.address }));
      const { addresses } = deployment;
      expect(addresses.admin).toBe(first.address);
      expect(formatSummary(deployment).at(-1)).toContain(`warning: the admin ${first.address} has no code`);
    } finally {
      await base.stop();
    }
  });

  it('refuses a published key on a public network, on a node that is not for development', async () => {
    const base = await Anvil.start(['--chain-id', '8453']);
    const proxy = await RpcProxy.start(base.url);
    try {
      proxy.setRule(({ method }) => (method === 'web3_clientVersion' ? { result: 'Geth/v1.16.7' } : 'forward'));
      const there = { WEB3_PROVIDER_URL: proxy.url, CHAIN_ID: '8453', FACTORY_ADMIN: third.address };
      await expect(deployContracts(environment(there))).rejects.toThrow(
        `the private key of ${first.address} is published with anvil and Hardhat, and CHAIN_ID 8453 is a public network`,
      );
      expect(proxy.sentTransactions).toEqual([]);
    } finally {
      await proxy.stop();
      await base.stop();
    }
  });

  it('offers a gas price with FEE_STYLE=legacy, also on a chain with a base fee', async () => {
    const chain = await Anvil.start();
    const proxy = await RpcProxy.start(chain.url);
    try {
      await deployContracts(environment({ WEB3_PROVIDER_URL: proxy.url, FEE_STYLE: 'legacy' }));
      const sent = proxy.sentTransactions.map((raw) => Transaction.from(raw));
      expect(sent.filter(({ from }) => from === first.address)).not.toEqual([]);
      for (const { type, gasPrice } of sent) expect([type, gasPrice]).toEqual([0, expect.any(BigInt)]);
    } finally {
      await proxy.stop();
      await chain.stop();
    }
  });

  it.each([
    ['gas price', { eth_gasPrice: '0x2e90edd000' }, 'gwei: MAX_FEE_PER_GAS_GWEI is 200.0'],
    ['gas estimate', { eth_estimateGas: '0x2000000' }, 'a gas limit of 36909875: the maximum is 16777216'],
    ['cost', { eth_estimateGas: '0xe00000', eth_gasPrice: '0x165a0bc000' }, 'MAX_TRANSACTION_COST_ETHER is 1.0'],
    ['priority fee', { eth_gasPrice: '0x12a05f2000' }, 'MAX_PRIORITY_FEE_PER_GAS_GWEI is 2.0'],
  ] as const)('signs nothing for a node that answers an excessive %s', async (_title, answers, sentence) => {
    const proxy = await RpcProxy.start(anvil.url);
    try {
      const results: Readonly<Record<string, string>> = answers;
      proxy.setRule(({ method }) => {
        const result = results[method];
        return result === undefined ? 'forward' : { result };
      });
      const changes = { WEB3_PROVIDER_URL: proxy.url, FACTORY_ADMIN: '0x000000000000000000000000000000000000dEaD' };
      await expect(deployContracts(environment(changes))).rejects.toThrow(sentence);
      expect(proxy.sentTransactions).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });

  it.each([
    [{ DEPLOYER_PRIVATE_KEY: '' }, 'DEPLOYER_PRIVATE_KEY is required'],
    [{ DEPLOYER_PRIVATE_KEY: '0xsecret' }, 'DEPLOYER_PRIVATE_KEY must be'],
    [{ CHAIN_ID: '1', FACTORY_ADMIN: first.address }, 'CHAIN_ID is 1, but the node serves chain 31337'],
    [{ FACTORY_ADMIN: '0x12' }, 'FACTORY_ADMIN must be an address'],
    [{ FACTORY_ADMIN: `0x${'0'.repeat(40)}` }, 'FACTORY_ADMIN must be an address other than zero'],
    [{ WEB3_PROVIDER_URL: 'http://user:secret@127.0.0.1:1/' }, 'on rpc-1: '],
    [{ WEB3_PROVIDER_URL: 'http://127.0.0.1:1/secret' }, 'on rpc-1: '],
  ])('says what is wrong, and no secret', async (changes, sentence) => {
    const outcome = deployContracts(environment(changes));
    await expect(outcome).rejects.toThrow(sentence);
    await expect(outcome).rejects.not.toThrow('secret');
  });
});
