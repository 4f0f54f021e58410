import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

describe('A deployment by the TokenManager', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('takes two transactions: the token under the configured terms, and then its registration', async () => {
    const replica = await chain.startReplica();
    await replica.submit('21');
    const finding = await until('the registered token', () =>
      replica.results.results.find(({ kind }) => kind === 'deployed'),
    );
    const { address, registered, ...counts } = await chain.contracts.find('21');
    expect(counts).toEqual({ deployments: 1, registrations: 1 });
    expect(registered).toBe(address);
    const token = await chain.contracts.nameAndSymbol(String(address));
    expect(token).toMatchObject({
      name: 'Hokusai 21',
      symbol: 'TEST',
      maxSupply: 10n ** 25n,
      modelSupplierAllocation: 25n * 10n ** 23n,
      modelSupplierRecipient: '0x0000000000000000000000000000000000001001',
    });
    expect(await chain.contracts.terms(String(token['params']))).toEqual([
      10n ** 21n,
      8_000n,
      1_500_000n,
      expect.stringMatching(/^0x[0-9a-f]{64}$/),
      'https://example.com/licence',
    ]);
    const job = await replica.jobs.find('21');
    expect(job).toMatchObject({ state: 'deployed', slot: null, token: { tokenAddress: address } });
    expect(job?.attempts).toHaveLength(2);
    expect(finding).toMatchObject({
      token: {
        transactionHash: job?.attempts[0]?.hash,
        registryTransactionHash: job?.attempts[1]?.hash,
        registration: null,
        deployerAddress: chain.deployer.address,
      },
    });
    expect(await replica.eventModelIds()).toEqual(['21']);
  });

  it('costs what the live contracts cost', async () => {
    const replica = await chain.startReplica();
    await replica.submit('22');
    await until('the registered token', () => replica.results.results.some(({ kind }) => kind === 'deployed'));
    const gas = async (kind: string): Promise<number> => {
      const { values } = await replica.metrics.transactionGasUsed.get();
      return values.find(({ metricName, labels }) => metricName?.endsWith('_sum') && labels.kind === kind)?.value ?? 0;
    };
    expect(await gas('deploy')).toBeGreaterThan(3_900_000);
    expect(await gas('deploy')).toBeLessThan(4_020_000);
    expect(await gas('register')).toBeGreaterThan(155_000);
    expect(await gas('register')).toBeLessThan(165_000);
  });
});
