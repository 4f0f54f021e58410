import { id, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '#config';
import { StartupError } from '#core';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';

const NOTHING = '0x';
const ENFORCED_PAUSE = id('EnforcedPause()').slice(0, 10);
/** No address has so many digits. */
const NO_ADDRESS = `0x${'ff'.repeat(32)}`;

describe('The boot checks of TokenManager and ModelRegistry', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const refusal = async (env: Environment): Promise<string> => {
    const replica = await chain.createReplica(env);
    const error: unknown = await replica.start().then(
      () => null,
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(StartupError);
    expect(chain.proxy.sentTransactions).toEqual([]);
    return (error as StartupError).message;
  };

  /** The simulated deployments of one start. */
  const trials = async (): Promise<readonly unknown[]> => {
    chain.proxy.calls.length = 0;
    await (await chain.startReplica()).waitForHoldCleared('starting');
    const calls = chain.proxy.calls.filter(({ method }) => method === 'eth_call').map(({ params }) => params[0]);
    return calls.filter((call) => (call as { readonly from?: string }).from !== undefined);
  };

  it.each([
    [
      'manager without code',
      { TOKEN_MANAGER_ADDRESS: `0x${'ab'.repeat(20)}` },
      'TOKEN_MANAGER_ADDRESS: there is no code',
    ],
    [
      'registry without code',
      { MODEL_REGISTRY_ADDRESS: `0x${'ab'.repeat(20)}` },
      'MODEL_REGISTRY_ADDRESS: there is no code',
    ],
    ['wrong checksum', { GOVERNOR_ADDRESS: '0x70997970c51812dc3A010C7d01b50e0d17dc79C8' }, 'GOVERNOR_ADDRESS'],
    ['parameter', { INFRASTRUCTURE_ACCRUAL_BPS: '999' }, 'infrastructureAccrualBps must be between 1000 and 10000'],
    ['term', { TOKENS_PER_DELTA_ONE: '99' }, 'tokensPerDeltaOne must be between 100 and 10000000 whole tokens'],
  ])('refuse a %s', async (_, env, says) => {
    expect(await refusal(env)).toContain(says);
  });

  it('refuse a registry that the manager does not work with', async () => {
    const { manager, registry } = chain.contracts;
    expect(await refusal({ MODEL_REGISTRY_ADDRESS: manager })).toBe(
      `MODEL_REGISTRY_ADDRESS: the TokenManager ${manager} works with the registry ${registry}, not with ${manager}`,
    );
  });

  it.each([
    ['TokenManager', 'registry', { reverts: NOTHING }],
    ['TokenManager', 'registry', { returns: NOTHING }],
    ['TokenManager', 'registry', { returns: NO_ADDRESS }],
    ['TokenManager', 'hasToken', { reverts: NOTHING }],
    ['TokenManager', 'getTokenAddress', { reverts: NOTHING }],
    ['TokenManager', 'deploymentFee', { reverts: NOTHING }],
    ['ModelRegistry', 'isRegistered', { reverts: NOTHING }],
    ['ModelRegistry', 'getToken', { reverts: NOTHING }],
    ['ModelRegistry', 'getToken', { returns: NOTHING }],
    ['ModelRegistry', 'owner', { reverts: NOTHING }],
  ] as const)('refuse a %s whose %s() is not to be had: %o', async (kind, view, answer) => {
    const env = await chain.contracts.replaceCode(kind, view, answer);
    const variable = kind === 'TokenManager' ? 'TOKEN_MANAGER_ADDRESS' : 'MODEL_REGISTRY_ADDRESS';
    expect(await refusal(env)).toBe(
      `${variable}: the contract at ${env[variable]} does not answer ${view}() as a ${kind} does`,
    );
  });

  it.each([
    ['an unknown error', ENFORCED_PAUSE, `unknown error ${ENFORCED_PAUSE}`],
    ['no reason', NOTHING, 'no reason given'],
  ])('refuse a manager that refuses deployments with %s', async (_, data, says) => {
    const env = await chain.contracts.replaceCode('TokenManager', 'deployTokenWithAllocations', { reverts: data });
    expect(await refusal(env)).toBe(`the TokenManager rejects a deployment by ${chain.deployer.address}: ${says}`);
  });

  it('try a model whose token cannot exist', async () => {
    const first = await trials();
    expect(first).toHaveLength(1);
    expect(await trials()).not.toEqual(first);
  });

  it('refuse a node that does not keep the state of the final block', async () => {
    await chain.mine(3);
    const newest = Number(await chain.anvil.request('eth_blockNumber'));
    chain.proxy.setRule(({ method, params }) =>
      method === 'eth_call' && Number(params[1]) < newest
        ? { code: -32000, message: 'missing trie node 1a2b (path )' }
        : 'forward',
    );
    expect(await refusal({ CONFIRMATIONS: '2' })).toContain(
      `CONFIRMATIONS: the node does not keep the state of the final block ${newest - 1}, 1 behind the latest`,
    );
  });

  it('leave an account that cannot pay the fee to its hold', async () => {
    await chain.contracts.setFee(10n ** 16n);
    const replica = await chain.startReplica({
      DEPLOYER_PRIVATE_KEY: Wallet.createRandom().privateKey,
      MAX_DEPLOYMENT_FEE_ETHER: '0.01',
    });
    await replica.waitForHoldCleared('starting');
    expect(replica.exitErrors).toEqual([]);
  });

  it('ask a node again that has trouble of its own', async () => {
    chain.proxy.setRule(({ method }) =>
      method === 'eth_call' ? { code: -32603, message: 'Internal error' } : 'forward',
    );
    const replica = await chain.startReplica();
    await replica.waitForHold('starting');
    chain.proxy.reset();
    await replica.waitForHoldCleared('starting');
    expect(replica.exitErrors).toEqual([]);
  });
});
