import { Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { implementationAddress } from '#contracts';
import { StartupError } from '#core';
import { Anvil } from '../../support/chain/anvil.js';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

const SOMEWHERE = '0x00000000000000000000000000000000DeaDBeef';

describe('Boot checks', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const refusal = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const replica = await chain.createReplica(env);
    const error = await replica.start().then(
      () => expect.fail('the boot was not refused'),
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(StartupError);
    expect(chain.proxy.sentTransactions).toEqual([]);
    return (error as StartupError).message;
  };

  /** Runs while other code stands at an address. */
  const withCode = async <T>(address: string, code: string, work: () => Promise<T>): Promise<T> => {
    const before = await chain.anvil.request('eth_getCode', [address, 'latest']);
    await chain.anvil.request('anvil_setCode', [address, code]);
    try {
      return await work();
    } finally {
      await chain.anvil.request('anvil_setCode', [address, before]);
    }
  };

  it('refuse another chain', async () => {
    expect(await refusal({ CHAIN_ID: '1' })).toBe('CHAIN_ID is 1, but the endpoint rpc-1 serves chain 31337');
  });

  it('refuse a chain without the opcodes that the contracts use', async () => {
    const shanghai = await Anvil.start(['--hardfork', 'shanghai']);
    try {
      expect(await refusal({ WEB3_PROVIDER_URL: shanghai.url })).toBe(
        'CHAIN_ID: the chain lacks EIP-1153 (transient storage) and EIP-5656 (MCOPY), which the contracts use: connect to a chain with the Cancun upgrade',
      );
    } finally {
      await shanghai.stop();
    }
  });

  it('pass on a node that refuses a call without a target', async () => {
    chain.proxy.setRule(({ method, params }) =>
      method !== 'eth_call' || 'to' in (params[0] as object)
        ? 'forward'
        : { code: -32602, message: 'missing field `to`' },
    );
    const replica = await chain.startReplica();
    await replica.submit('anyway');
    expect(await replica.waitForResult('anyway')).toMatchObject({ kind: 'deployed' });
  });

  it('refuse an address without a contract', async () => {
    expect(await refusal({ FACTORY_ADDRESS: SOMEWHERE })).toBe(
      `FACTORY_ADDRESS ${SOMEWHERE}: there is no code at ${SOMEWHERE}`,
    );
  });

  it('refuse another contract', async () => {
    const sentence = await withCode(SOMEWHERE, '0x60016001', () => refusal({ FACTORY_ADDRESS: SOMEWHERE }));
    expect(sentence).toBe(
      `FACTORY_ADDRESS ${SOMEWHERE}: there is other code than this version's contracts at ${SOMEWHERE}`,
    );
  });

  it('refuse a factory whose tokens would run other code', async () => {
    const implementation = implementationAddress(chain.factory);
    const sentence = await withCode(implementation, '0x60016001', () => refusal({}));
    expect(sentence).toBe(
      `FACTORY_ADDRESS ${chain.factory}: there is other code than this version's contracts at ${implementation}`,
    );
  });

  it('refuse a signer that may not deploy', async () => {
    const { address, privateKey } = chain.otherAccount;
    expect(await refusal({ DEPLOYER_PRIVATE_KEY: privateKey })).toBe(
      `the signer ${address} lacks DEPLOYER_ROLE on the factory ${chain.factory}`,
    );
  });

  it('refuse when only one of several signers may not deploy', async () => {
    const keys = [chain.deployer, chain.otherAccount].map(({ privateKey }) => privateKey).join(',');
    expect(await refusal({ DEPLOYER_PRIVATE_KEY: keys })).toContain(`the signer ${chain.otherAccount.address} lacks`);
  });

  it.each([
    ['a contract', '0x60016001'],
    ['a delegation by EIP-7702', `0xef0100${'ab'.repeat(20)}`],
  ])('refuse a signer with the code of %s', async (_what, code) => {
    const { address, privateKey } = Wallet.createRandom();
    const sentence = await withCode(address, code, () => refusal({ DEPLOYER_PRIVATE_KEY: privateKey }));
    expect(sentence).toBe(`the signer ${address} has code; a deployer must be a plain account`);
  });

  it('wait while no RPC endpoint is available, then run automatically', async () => {
    chain.proxy.setRule(() => 503);
    const replica = await chain.startReplica();
    expect(await replica.waitForHold('starting')).toBe('the chain has not been checked yet');
    await replica.submit('early');
    expect(await replica.slots()).toEqual([]);
    chain.proxy.reset();
    expect(await replica.waitForResult('early')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('starting');
    expect(replica.exitErrors).toEqual([]);
  });

  it('end the process when the chain that comes back is the wrong one', async () => {
    chain.proxy.setRule(() => 503);
    const replica = await chain.startReplica({ CHAIN_ID: '5' });
    await replica.waitForHold('starting');
    chain.proxy.reset();
    const [error] = await until('the refusal', () => replica.exitErrors.length > 0 && replica.exitErrors);
    expect(error).toBeInstanceOf(StartupError);
    expect(error?.message).toBe('CHAIN_ID is 5, but the endpoint rpc-1 serves chain 31337');
    expect(replica.holds.list().map(({ reason }) => reason)).toContain('starting');
  });
});
