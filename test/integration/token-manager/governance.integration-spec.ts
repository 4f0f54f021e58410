import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobState } from '#core';
import { type OpenRegistration, REGISTRATIONS } from '#telemetry';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { FIRST_MODEL, TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

/** As geth says it of a block that is older than 128 others. */
const DROPPED = { code: -32_000, message: 'missing trie node 7c22 (path ) state 0x7c22 is not available' };

describe('A registry with another owner', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('leaves the job with the call that registers its token, and the job is done when that was made', async () => {
    await chain.deployContracts(chain.admin.address);
    const replica = await chain.startReplica();
    await replica.submit('51');
    const left = await until('the token', () => replica.results.results.find(({ kind }) => kind === 'unregistered'));
    const job = await replica.jobs.find('51');
    const { address } = await chain.contracts.find('51');
    expect(job).toMatchObject({ state: 'deployed_unregistered', slot: null, token: { tokenAddress: address } });
    expect(left).toMatchObject({ token: { registryTransactionHash: null } });
    expect(job?.token?.registration).toEqual({
      to: chain.contracts.registry,
      calldata: chain.contracts.registration('51', String(address)),
    });
    expect(await replica.eventModelIds()).toEqual(['unregistered 51']);
    await shown(replica, { awaited: 1, refused: 0, conflict: 0 });

    const { to, calldata } = job?.token?.registration ?? { to: '', calldata: '' };
    const hash = await chain.contracts.send(chain.admin.address, to, calldata);
    expect(await until('the end', () => replica.results.results.find(({ kind }) => kind === 'deployed'))).toMatchObject(
      {
        token: { tokenAddress: address, registryTransactionHash: hash, registration: null },
      },
    );
    expect(await replica.jobs.find('51')).toMatchObject({ state: 'deployed' });
    expect(await replica.eventModelIds()).toEqual(['51', 'unregistered 51']);
    expect(chain.proxy.sentTransactions).toHaveLength(1);
    await shown(replica, { awaited: 0, refused: 0, conflict: 0 });
  });

  it('is looked after by a service that was started later', async () => {
    await chain.deployContracts(chain.admin.address);
    const first = await chain.startReplica();
    await first.submit('52');
    await until('the token', async () => (await first.jobs.find('52'))?.state === 'deployed_unregistered');
    await first.stop();
    const { address } = await chain.contracts.find('52');
    await chain.contracts.registerAs(chain.admin.address, '52', String(address));
    const second = await chain.startReplica();
    await until('the end', async () => (await second.jobs.find('52'))?.state === 'deployed');
    expect(await second.eventModelIds()).toEqual(['52', 'unregistered 52']);
  });

  it('may change hands: what was ours to register is left to the new owner', async () => {
    await chain.deployContracts(chain.deployer.address);
    const replica = await chain.startReplica();
    await chain.setAutomine(false);
    await replica.submit('53');
    await chain.waitForMempool(1);
    await chain.mine(1);
    await chain.waitForMempool(1);
    await chain.contracts.transferRegistry(chain.admin.address);
    await chain.mine(1);
    await until('the job to be left', async () => (await replica.jobs.find('53'))?.state === 'deployed_unregistered');
    expect((await chain.contracts.find('53')).registrations).toBe(0);
  });

  it('may become ours: what was left to its owner is registered by ourselves', async () => {
    await chain.deployContracts(chain.admin.address);
    const replica = await chain.startReplica();
    await replica.submit('54', '55');
    await allLeft(replica, '54', '55');
    await chain.contracts.transferRegistry(chain.deployer.address);
    await until('the end', async () => {
      await chain.mine(1);
      return await inState(replica, 'deployed', '54', '55');
    });
    for (const model of ['54', '55'])
      expect(await chain.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    expect((await replica.jobs.find('54'))?.attempts).toHaveLength(2);
    expect((await replica.eventModelIds()).toSorted()).toEqual(['54', '55', 'unregistered 54', 'unregistered 55']);
  });

  it('may be ours for too short a time: its tokens are left to its next owner as they were', async () => {
    await chain.deployContracts(chain.admin.address);
    const replica = await chain.startReplica();
    await replica.submit('56');
    await allLeft(replica, '56');
    await chain.setAutomine(false);
    await chain.contracts.transferRegistry(chain.deployer.address);
    await chain.waitForMempool(1);
    await chain.contracts.transferRegistry(chain.admin.address);
    await chain.mine(1);
    await until('the reverted transaction', () => replica.results.returned.length === 1);
    expect(await replica.jobs.find('56')).toMatchObject({ state: 'deployed_unregistered', slot: null, failure: null });
    expect(await replica.eventModelIds()).toEqual(['unregistered 56']);
    await chain.contracts.transferRegistry(chain.deployer.address);
    await chain.setAutomine(true);
    await until('the end', async () => {
      await chain.mine(1);
      return await inState(replica, 'deployed', '56');
    });
  });

  it('may be taken from us by a block whose state the node has dropped: the newest tells why', async () => {
    await chain.deployContracts(chain.admin.address);
    const replica = await chain.startReplica();
    await replica.submit('63');
    await allLeft(replica, '63');
    await chain.setAutomine(false);
    await chain.contracts.transferRegistry(chain.deployer.address);
    await chain.waitForMempool(1);
    chain.proxy.setRule(({ method, params: [call, tag] }) =>
      method === 'eth_call' && isFromSomebody(call) && tag !== 'latest' ? DROPPED : 'forward',
    );
    await chain.contracts.transferRegistry(chain.admin.address);
    await chain.mine(1);
    await until('the reverted transaction', () => replica.results.returned.length === 1);
    expect(await replica.jobs.find('63')).toMatchObject({ state: 'deployed_unregistered', failure: null });
  });

  it('may refuse what we register: the token stays as it was, and nothing more is spent on it', async () => {
    await chain.deployContracts(chain.admin.address);
    const { anvil, contracts, proxy } = chain;
    const replica = await chain.startReplica();
    await replica.submit('57');
    await allLeft(replica, '57');
    await chain.setAutomine(false);
    await contracts.transferRegistry(chain.deployer.address);
    await chain.waitForMempool(1);
    const code = await anvil.request('eth_getCode', [contracts.registry, 'latest']);
    await anvil.request('anvil_setCode', [contracts.registry, '0xfe']);
    await chain.mine(1);
    await until('the failure', () => replica.results.results.some(({ kind }) => kind === 'failed'));
    await anvil.request('anvil_setCode', [contracts.registry, code]);
    const failure = { reason: 'deployment_reverted' };
    expect(await replica.jobs.find('57')).toMatchObject({ state: 'deployed_unregistered', slot: null, failure });
    await shown(replica, { awaited: 0, refused: 1, conflict: 0 });
    const [sent, asked] = [proxy.sentTransactions.length, proxy.count('eth_call')];
    await until('many looks', () => proxy.count('eth_call') > asked + 10);
    expect(proxy.sentTransactions).toHaveLength(sent);
  });

  it('may refuse what we would register before it costs anything: that is kept with the token, and nothing is tried again', async () => {
    await chain.deployContracts(chain.admin.address);
    const { anvil, contracts, proxy } = chain;
    const replica = await chain.startReplica();
    await replica.submit('61');
    await allLeft(replica, '61');
    const code = String(await anvil.request('eth_getCode', [contracts.registry, 'latest']));
    const selector = contracts.registration('61', contracts.manager).slice(2, 10);
    expect(code).toContain(`63${selector}`);
    await anvil.request('anvil_setCode', [contracts.registry, code.replace(`63${selector}`, '63ffffffff')]);
    await contracts.transferRegistry(chain.deployer.address);
    await shown(replica, { awaited: 0, refused: 1, conflict: 0 });
    const failure = { reason: 'deployment_reverted', error: 'reverts: no reason given' };
    expect(await replica.jobs.find('61')).toMatchObject({ state: 'deployed_unregistered', slot: null, failure });
    const [asked, estimated] = [proxy.count('eth_call'), proxy.count('eth_estimateGas')];
    await until('many looks', () => proxy.count('eth_call') > asked + 10);
    expect(proxy.count('eth_estimateGas')).toBe(estimated);
    expect(await replica.eventModelIds()).toEqual(['unregistered 61']);
    expect(replica.results.results.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
  });

  it('is a conflict when it lists the token as another model, for any owner', async () => {
    await chain.deployContracts(chain.admin.address);
    const { admin, contracts, proxy } = chain;
    const replica = await chain.startReplica();
    await replica.submit('62');
    await allLeft(replica, '62');
    const { address } = await contracts.find('62');
    await contracts.registerAs(admin.address, '6200', String(address));
    await shown(replica, { awaited: 0, refused: 0, conflict: 1 });
    const failure = {
      reason: 'conflict',
      error: expect.stringContaining(`${address} is registered under model 6200`) as string,
    };
    expect(await replica.jobs.find('62')).toMatchObject({ state: 'deployed_unregistered', slot: null, failure });
    await contracts.transferRegistry(chain.deployer.address);
    const asked = proxy.count('eth_call');
    await until('many looks', () => proxy.count('eth_call') > asked + 10);
    expect(proxy.sentTransactions).toHaveLength(1);
  });

  it('may list another token: the job stays as it is, which is settled once and shown as long as it lasts', async () => {
    await chain.deployContracts(chain.admin.address);
    const { admin, contracts, proxy } = chain;
    const replica = await chain.startReplica();
    await replica.submit('58', '59');
    await allLeft(replica, '58', '59');
    await contracts.deployAs(admin.address, '60');
    const { address } = await contracts.find('60');
    await contracts.registerAs(admin.address, '58', String(address));
    await shown(replica, { awaited: 1, refused: 0, conflict: 1 });
    const asked = proxy.count('eth_call');
    await until('many looks', () => proxy.count('eth_call') > asked + 10);
    expect(replica.results.results.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
    const failure = { reason: 'conflict', error: expect.stringContaining(String(address)) as string };
    expect(await replica.jobs.find('58')).toMatchObject({ state: 'deployed_unregistered', slot: null, failure });
  });

  it('may be taken from us while many registrations wait for a block: all are left to the new owner, none fails', async () => {
    await chain.deployContracts(chain.deployer.address);
    const wanted = ['81', '82', '83', '84'];
    const replica = await chain.startReplica();
    await chain.deployFirst(replica);
    const before = replica.results.results.length;
    await chain.setAutomine(false);
    await replica.submit(...wanted);
    await chain.waitForMempool(4);
    await chain.mine(1);
    await chain.waitForMempool(4);
    await chain.contracts.transferRegistry(chain.admin.address);
    await chain.mine(1);
    await until('the jobs to be left', async () => await inState(replica, 'deployed_unregistered', ...wanted));
    const findings = replica.results.results.slice(before).map(({ kind }) => kind);
    expect(new Set(findings)).toEqual(new Set(['advanced', 'returned', 'unregistered']));
    expect(findings.filter((kind) => kind === 'returned')).toHaveLength(4);
    expect((await replica.eventModelIds()).toSorted()).toEqual([
      FIRST_MODEL,
      ...wanted.map((model) => `unregistered ${model}`),
    ]);
    expect(await chain.contracts.find('84')).toMatchObject({ deployments: 1, registrations: 0 });
  });
});

/** Whether a call is a transaction that is simulated, and not a question. */
function isFromSomebody(call: unknown): boolean {
  return typeof call === 'object' && call !== null && 'from' in call;
}

async function inState(replica: ChainReplica, state: JobState, ...modelIds: readonly string[]): Promise<boolean> {
  const jobs = await Promise.all(modelIds.map((modelId) => replica.jobs.find(modelId)));
  return jobs.every((job) => job?.state === state);
}

/** Waits until the metrics say so. */
async function shown(replica: ChainReplica, tokens: Readonly<Record<OpenRegistration, number>>): Promise<void> {
  await until(`the metrics to show ${JSON.stringify(tokens)}`, async () => {
    const { values } = await replica.metrics.tokensUnregistered.get();
    const now = new Map(values.map(({ labels, value }) => [labels.registration, value]));
    return REGISTRATIONS.every((registration) => now.get(registration) === tokens[registration]);
  });
}

async function allLeft(replica: ChainReplica, ...modelIds: readonly string[]): Promise<void> {
  await until('the tokens', async () => await inState(replica, 'deployed_unregistered', ...modelIds));
}
