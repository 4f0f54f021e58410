import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ManagedHarness } from '../../support/managed-harness.js';
import { until } from '../../support/until.js';

describe('A registry that belongs to somebody else', () => {
  let chain: ManagedHarness;
  beforeAll(async () => {
    chain = await ManagedHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('leaves the job with the call that registers its token, and the job is done when that was made', async () => {
    await chain.begin(chain.admin.address);
    const replica = await chain.started();
    await replica.submit('51');
    const left = await until('the token', () => replica.outcomes.findings.find(({ kind }) => kind === 'unregistered'));
    const job = await replica.jobs.find('51');
    const { address } = await chain.contracts.find('51');
    expect(job).toMatchObject({ state: 'deployed_unregistered', slot: null, token: { tokenAddress: address } });
    expect(left).toMatchObject({ token: { registryTransactionHash: null } });
    expect(job?.token?.registration).toEqual({
      to: chain.contracts.registry,
      calldata: chain.contracts.registration('51', String(address)),
    });
    expect(await replica.events()).toEqual(['unregistered 51']);

    const { to, calldata } = job?.token?.registration ?? { to: '', calldata: '' };
    const hash = await chain.contracts.send(chain.admin.address, to, calldata);
    expect(
      await until('the end', () => replica.outcomes.findings.find(({ kind }) => kind === 'deployed')),
    ).toMatchObject({
      token: { tokenAddress: address, registryTransactionHash: hash, registration: null },
    });
    expect(await replica.jobs.find('51')).toMatchObject({ state: 'deployed' });
    expect(await replica.events()).toEqual(['51', 'unregistered 51']);
    expect(chain.proxy.sent).toHaveLength(1);
  });

  it('is looked after by a service that was started later', async () => {
    await chain.begin(chain.admin.address);
    const first = await chain.started();
    await first.submit('52');
    await until('the token', async () => (await first.jobs.find('52'))?.state === 'deployed_unregistered');
    await first.stop();
    const { address } = await chain.contracts.find('52');
    await chain.contracts.registeredBy(chain.admin.address, '52', String(address));
    const second = await chain.started();
    await until('the end', async () => (await second.jobs.find('52'))?.state === 'deployed');
    expect(await second.events()).toEqual(['52', 'unregistered 52']);
  });

  it('may change hands: what was ours to register is left to the new owner', async () => {
    await chain.begin(chain.deployer.address);
    const replica = await chain.started();
    await chain.mining(false);
    await replica.submit('53');
    await chain.pooled(1);
    await chain.mine(1);
    await chain.pooled(1);
    await chain.contracts.giveRegistryTo(chain.admin.address);
    await chain.mine(1);
    await until('the job to be left', async () => (await replica.jobs.find('53'))?.state === 'deployed_unregistered');
    expect((await chain.contracts.find('53')).registrations).toBe(0);
  });
});
