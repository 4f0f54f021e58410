import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployFactory } from '#contracts';
import { StartupError } from '#core';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { signerCreator } from '../../support/chain/test-signer.js';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { FactoryTokenReader } from '../../support/chain/factory-token-reader.js';

const [, DEPLOYER, SECOND] = ANVIL_ACCOUNTS;

describe('Former factories', () => {
  let chain: ChainHarness;
  let current: string;
  let tokens: FactoryTokenReader;

  beforeAll(async () => {
    chain = await ChainHarness.start();
    const { factoryAddress } = await deployFactory({
      request: chain.anvil.request,
      createSigner: signerCreator(SECOND.privateKey),
      admin: SECOND.address,
      grants: [{ role: 'DEPLOYER_ROLE', account: DEPLOYER.address }],
    });
    current = factoryAddress;
    tokens = new FactoryTokenReader(chain.anvil.url, current);
  });
  afterEach(() => chain.reset());
  afterAll(async () => {
    tokens.close();
    await chain.stop();
  });

  const start = () => chain.startReplica({ FACTORY_ADDRESS: current, FORMER_FACTORIES: chain.factory });

  it('complete a model with the token that it has there, and make no second one', async () => {
    await chain.deployAsAnother('moved');
    const replica = await start();
    await replica.submit('moved', 'new');
    const adopted = await replica.waitForResult('moved');
    const { address } = (await chain.tokens.find('moved')) ?? {};
    expect(adopted).toMatchObject({ kind: 'adopted', token: { tokenAddress: address, contract: chain.factory } });
    expect(await replica.waitForResult('new')).toMatchObject({ kind: 'deployed' });
    expect(await tokens.find('moved')).toBeNull();
    expect(await tokens.find('new')).not.toBeNull();
    expect((await replica.jobs.find('moved'))?.token?.contract).toBe(chain.factory);
  });

  it('make another record of a model a conflict', async () => {
    await chain.deployAsAnother('rival', { tokenSymbol: 'OTHER' });
    const replica = await start();
    await replica.submit('rival');
    expect(await replica.waitForResult('rival')).toMatchObject({ kind: 'failed', reason: 'conflict' });
    expect(await tokens.find('rival')).toBeNull();
  });

  it('hold the work while a node does not say what they made', async () => {
    const replica = await start();
    let silent = true;
    chain.proxy.setRule(({ params }) =>
      silent && JSON.stringify(params).toLowerCase().includes(chain.factory.toLowerCase()) ? 500 : 'forward',
    );
    const nonce = await chain.nonce();
    await replica.submit('unasked');
    await replica.waitForHold('rpc_unavailable');
    expect(await chain.nonce()).toBe(nonce);
    silent = false;
    expect(await replica.waitForResult('unasked')).toMatchObject({ kind: 'deployed' });
  });

  it.each([
    ['an address without a contract', () => SECOND.address, 'there is no contract at'],
    ['the current factory', () => current, 'which is the current contract'],
  ])('are refused at boot with %s', async (_what, address, words) => {
    const replica = await chain.createReplica({ FACTORY_ADDRESS: current, FORMER_FACTORIES: address() });
    const refused = await replica.start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StartupError);
    expect((refused as Error).message).toContain(`FORMER_FACTORIES`);
    expect((refused as Error).message).toContain(words);
  });
});
