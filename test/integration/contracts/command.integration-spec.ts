import { predictFactoryAddress } from '#contracts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployContracts, formatSummary } from '../../../apps/cli/src/deploy-contracts/deploy-contracts.runner.js';
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
      const { addresses } = await deployContracts(environment({ ...there, FACTORY_ADMIN: first.address }));
      expect(addresses.admin).toBe(first.address);
    } finally {
      await base.stop();
    }
  });

  it.each([
    [{ DEPLOYER_PRIVATE_KEY: '' }, 'DEPLOYER_PRIVATE_KEY is required'],
    [{ DEPLOYER_PRIVATE_KEY: '0xsecret' }, 'DEPLOYER_PRIVATE_KEY must be'],
    [{ CHAIN_ID: '1', FACTORY_ADMIN: first.address }, 'CHAIN_ID is 1, but the node serves chain 31337'],
    [{ FACTORY_ADMIN: '0x12' }, 'FACTORY_ADMIN must be an address'],
    [{ WEB3_PROVIDER_URL: 'http://user:secret@127.0.0.1:1/' }, 'on rpc-1: '],
    [{ WEB3_PROVIDER_URL: 'http://127.0.0.1:1/secret' }, 'on rpc-1: '],
  ])('says what is wrong, and no secret', async (changes, sentence) => {
    const outcome = deployContracts(environment(changes));
    await expect(outcome).rejects.toThrow(sentence);
    await expect(outcome).rejects.not.toThrow('secret');
  });
});
