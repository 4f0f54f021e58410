import { decodeRecordOf, decodeRevert, decodeTokenOf, encodeDeploy, encodeRecordOf, encodeTokenOf } from '#contracts';
import { ZeroAddress } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractsFixture, deploymentFor } from './contracts.fixture.js';

const ELSEWHERE = '0x00000000000000000000000000000000000aBCdE';

describe('HokusaiTokenFactory knows', () => {
  let chain: ContractsFixture;
  let token: string;

  beforeAll(async () => {
    chain = await ContractsFixture.start();
    token = chain.tokenOf('known');
    await chain.sendToFactory(chain.deployer, encodeDeploy(deploymentFor('known')));
  });

  afterAll(() => chain.anvil.stop());

  const isToken = async (account: string): Promise<unknown> => await chain.readFactory('isToken', [account]);

  it('its implementation', async () => {
    expect(await chain.readFactory('implementation')).toBe(chain.factory.implementationAddress);
  });

  it.each(['known', 'unknown', '', 'ü', 'x'.repeat(300)])(
    'the address of every model, before and after: %s',
    async (id) => {
      expect(await chain.readFactory('tokenAddress', [id])).toBe(chain.tokenOf(id));
    },
  );

  it('which models have a token', async () => {
    const tokenOf = async (modelId: string): Promise<string | null> =>
      decodeTokenOf(await chain.call(chain.factory.factoryAddress, encodeTokenOf(modelId)));
    expect(await tokenOf('known')).toBe(token);
    expect(await tokenOf('unknown')).toBeNull();
    expect(await chain.readFactory('tokenOf', ['unknown'])).toBe(ZeroAddress);
  });

  it('the record of a token, and of nothing else', async () => {
    const answer = await chain.call(chain.factory.factoryAddress, encodeRecordOf(token));
    expect(decodeRecordOf(answer)).toEqual(deploymentFor('known').record);
    expect(decodeRevert(await chain.revertOf(chain.factory.factoryAddress, encodeRecordOf(ELSEWHERE)))).toEqual({
      name: 'UnknownToken',
      args: [ELSEWHERE],
    });
  });

  it('its tokens from other accounts', async () => {
    expect(await isToken(token)).toBe(true);
    const { factoryAddress, implementationAddress } = chain.factory;
    for (const account of [ZeroAddress, ELSEWHERE, factoryAddress, implementationAddress, chain.tokenOf('unknown')]) {
      expect(await isToken(account)).toBe(false);
    }
  });

  it('a forged token by its address', async () => {
    const genuine = await chain.code(token);
    // The whole code; cut inside the header; with nothing but a header; with a header that points beyond the code.
    const forgeries = [genuine, genuine.slice(0, 2 + 47 * 2), `0x${'00'.repeat(50)}`, `0x${'00'.repeat(45)}00ffffffff`];
    for (const code of forgeries) {
      await chain.anvil.request('anvil_setCode', [ELSEWHERE, code]);
      expect(await isToken(ELSEWHERE)).toBe(false);
    }
  });

  it('no function but its own, and takes no ether', async () => {
    const { factoryAddress } = chain.factory;
    expect(decodeRevert(await chain.revertOf(factoryAddress, '0xdeadbeef'))?.name).toBe('UnknownFunction');
    expect(decodeRevert(await chain.revertOf(factoryAddress, '0xde'))?.name).toBe('UnknownFunction');
    expect((await chain.send(chain.stranger, factoryAddress, '0x', 100_000n, 1n)).status).toBe('0x0');
  });

  it('nothing to answer outside a creation', async () => {
    expect(await chain.call(chain.factory.factoryAddress, '0x')).toBe('0x');
  });
});
