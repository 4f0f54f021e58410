import { MINTER_ROLE, factoryInterface, tokenInterface } from '#contracts';
import { FunctionFragment, MaxUint256, Signature, TypedDataEncoder, ZeroAddress, type Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractsFixture, deploymentOf, REFERENCE } from './contracts.fixture.js';

const PERMIT = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
};

describe('HokusaiToken', () => {
  let chain: ContractsFixture;
  let token: string;

  beforeAll(async () => {
    chain = await ContractsFixture.start();
    token = await deploy({ modelId: 'token' });
    const grant = factoryInterface.encodeFunctionData('grantRole', [MINTER_ROLE, chain.admin.address]);
    await chain.succeed(chain.admin, chain.factory.factoryAddress, grant);
  });

  afterAll(() => chain.anvil.stop());

  const deploy = async (change: Parameters<typeof deploymentOf>[0]): Promise<string> =>
    await chain.deploy(deploymentOf(change));
  const send = async (from: Wallet, name: string, args: readonly unknown[], to = token): Promise<boolean> =>
    (await chain.send(from, to, tokenInterface.encodeFunctionData(name, [...args]))).status === '0x1';
  const errorOf = async (
    from: Wallet,
    name: string,
    args: readonly unknown[],
    to = token,
  ): Promise<string | undefined> =>
    tokenInterface.parseError(
      await chain.revertOf(to, tokenInterface.encodeFunctionData(name, [...args]), from.address),
    )?.name;
  const balanceOf = async (account: string): Promise<unknown> => await chain.readToken(token, 'balanceOf', [account]);

  it('shows its record', async () => {
    const { record } = REFERENCE;
    const views: readonly (readonly [string, unknown])[] = [
      ['modelId', 'token'],
      ['symbol', record.tokenSymbol],
      ['name', `Hokusai ${record.tokenSymbol}`],
      ['decimals', 18n],
      ['metricName', record.metricName],
      ['baselineValue', record.baselineValue],
      ['currentValue', record.currentValue],
      ['contributor', record.contributor],
      ['factory', chain.factory.factoryAddress],
      ['totalSupply', 0n],
    ];
    for (const [view, value] of views) expect([view, await chain.readToken(token, view)]).toEqual([view, value]);
  });

  it('shows no contributor as the zero address', async () => {
    const address = await deploy({ modelId: 'no-contributor', contributor: null });
    expect(await chain.readToken(address, 'contributor')).toBe(ZeroAddress);
  });

  it.each(['x', 'msg-ai', 'S'.repeat(64), 'ключ', '北斎', '🌊', 'with space', '"quoted"', '\u0000'])(
    'takes its symbol as it is: %s',
    async (tokenSymbol) => {
      const address = await deploy({ modelId: `symbol ${tokenSymbol}`, tokenSymbol });
      expect(await chain.readToken(address, 'symbol')).toBe(tokenSymbol);
      expect(await chain.readToken(address, 'name')).toBe(`Hokusai ${tokenSymbol}`);
    },
  );

  it('is minted by holders of the role of its factory alone', async () => {
    for (const account of [chain.stranger, chain.deployer]) {
      expect(await errorOf(account, 'mint', [account.address, 1])).toBe('AccessControlUnauthorizedAccount');
    }
    expect(await send(chain.admin, 'mint', [chain.stranger.address, 1_000])).toBe(true);
    expect(await balanceOf(chain.stranger.address)).toBe(1_000n);
    expect(await chain.readToken(token, 'totalSupply')).toBe(1_000n);
    const other = await deploy({ modelId: 'other' });
    expect(await chain.readToken(other, 'totalSupply')).toBe(0n);
  });

  it('moves and burns', async () => {
    await send(chain.admin, 'mint', [chain.admin.address, 100]);
    expect(await send(chain.admin, 'transfer', [chain.deployer.address, 40])).toBe(true);
    expect(await send(chain.deployer, 'burn', [15])).toBe(true);
    expect(await balanceOf(chain.deployer.address)).toBe(25n);
    expect(await errorOf(chain.admin, 'burnFrom', [chain.deployer.address, 5])).toBe('ERC20InsufficientAllowance');
    await send(chain.deployer, 'approve', [chain.admin.address, 5]);
    expect(await send(chain.admin, 'burnFrom', [chain.deployer.address, 5])).toBe(true);
    expect(await balanceOf(chain.deployer.address)).toBe(20n);
    expect(await errorOf(chain.deployer, 'burn', [21])).toBe('ERC20InsufficientBalance');
  });

  it('takes a permit signed for it, once', async () => {
    const domain = {
      name: `Hokusai ${REFERENCE.record.tokenSymbol}`,
      version: '1',
      chainId: 31337,
      verifyingContract: token,
    };
    const [owner, spender] = [chain.stranger, chain.deployer.address];
    const values = { owner: owner.address, spender, value: 77n, nonce: 0n, deadline: MaxUint256 };
    const { v, r, s } = Signature.from(await owner.signTypedData(domain, PERMIT, values));
    const permit = [owner.address, spender, 77n, MaxUint256, v, r, s] as const;
    const other = await deploy({ modelId: 'same symbol, other token' });
    expect(await errorOf(chain.admin, 'permit', permit, other)).toBe('ERC2612InvalidSigner');
    expect(await send(chain.admin, 'permit', permit)).toBe(true);
    expect(await chain.readToken(token, 'allowance', [owner.address, spender])).toBe(77n);
    expect(await chain.readToken(token, 'nonces', [owner.address])).toBe(1n);
    expect(await errorOf(chain.admin, 'permit', permit)).toBe('ERC2612InvalidSigner');
    expect(await chain.readToken(token, 'DOMAIN_SEPARATOR')).toBe(TypedDataEncoder.hashDomain(domain));
  });

  it('describes its signing domain', async () => {
    const [fields, name, version, chainId, contract] = await chain.read(tokenInterface, token, 'eip712Domain');
    expect([fields, name, version, chainId, contract]).toEqual(['0x0f', 'Hokusai MSGSALE', '1', 31_337n, token]);
  });

  it('has no function that sets anything up', () => {
    const changing = tokenInterface.fragments
      .filter((one) => FunctionFragment.isFragment(one))
      .filter((one) => !one.constant);
    expect(new Set(changing.map(({ name }) => name))).toEqual(
      new Set(['approve', 'burn', 'burnFrom', 'mint', 'permit', 'transfer', 'transferFrom']),
    );
  });

  it('is not the implementation, which stands for no model', async () => {
    const { implementationAddress } = chain.factory;
    for (const view of ['name', 'symbol', 'modelId', 'contributor']) {
      expect(await errorOf(chain.admin, view, [], implementationAddress)).toBe('NotAToken');
    }
    expect(await errorOf(chain.admin, 'mint', [chain.admin.address, 1], implementationAddress)).toBe('NotAToken');
    expect(await chain.readFactory('isToken', [implementationAddress])).toBe(false);
  });
});
