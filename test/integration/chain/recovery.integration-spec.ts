import { keccak256, Transaction, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeDeploy } from '#contracts';
import type { Slot } from '#core';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { aDeploymentJob } from '../../support/fixtures/deployment-job.fixture.js';
import type { RpcFault } from '../../support/rpc/rpc-fault.js';
import { until } from '../../support/until.js';

describe('Recovery from the journal', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  /** What a process leaves behind that dies right after its commit. */
  const committedSlot = async (replica: ChainReplica, modelId: string): Promise<Slot> => {
    await replica.admit(modelId);
    const { privateKey } = chain.deployer;
    const nonce = await chain.nonce();
    const { record } = aDeploymentJob(modelId).request;
    const fields = { gasLimit: 300_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const transaction = { to: chain.factory, data: encodeDeploy({ record, mlflowRunId: null }), nonce, chainId: 31337 };
    const raw = await new Wallet(privateKey).signTransaction({ ...transaction, ...fields, type: 2 });
    const hash = keccak256(raw);
    const slot = { nonce, modelIds: [modelId], attempts: [{ hash, raw, ...fields, signedAt: Date.now() }] };
    const lease = await replica.acquireLane();
    await replica.journal.resetNonce(lease, nonce);
    expect(await replica.journal.commit(lease, slot)).toEqual({ kind: 'committed' });
    await replica.journal.release(lease);
    return slot;
  };

  it('sends what was committed and never sent, with the same bytes', async () => {
    const dead = await chain.createReplica();
    const slot = await committedSlot(dead, 'unsent');
    const replica = await chain.startReplica();
    const finding = await replica.waitForResult('unsent');
    expect(chain.proxy.sentTransactions).toEqual([slot.attempts[0]?.raw]);
    expect(finding).toMatchObject({ kind: 'deployed', token: { transactionHash: slot.attempts[0]?.hash } });
    expect(await replica.eventModelIds()).toEqual(['unsent']);
    await replica.submit('next');
    await replica.waitForResult('next');
    expect(await chain.nonce()).toBe(slot.nonce + 2);
  });

  it('completes a commit that Redis refused after its slot, and sends no second transaction', async () => {
    const dead = await chain.createReplica();
    const slot = await committedSlot(dead, 'half-committed');
    // As a commit leaves the ledger that may not write the states of its jobs.
    const [job = ''] = await dead.redis.keys('*:job:half-committed');
    await dead.redis.hdel(job, 'lane', 'nonce', 'attempts');
    await dead.redis.hset(job, 'state', 'admitted');
    const index = job.replace(/job:half-committed$/, 'jobs:');
    await dead.redis.zrem(`${index}submitted`, 'half-committed');
    await dead.redis.zadd(`${index}admitted`, 1, 'half-committed');
    await chain.setAutomine(false);
    const replica = await chain.startReplica();
    await replica.submit('half-committed');
    await chain.waitForMempool(1);
    await replica.submit('next-to-half-committed');
    await chain.waitForMempool(2);
    await chain.mine();
    expect(await replica.waitForResult('half-committed')).toMatchObject({ kind: 'deployed' });
    await replica.waitForResult('next-to-half-committed');
    expect(chain.proxy.sentTransactions[0]).toBe(slot.attempts[0]?.raw);
    expect(new Set(chain.proxy.sentTransactions).size).toBe(2);
  });

  it('completes jobs that were mined and final while no replica ran, without another transaction', async () => {
    const dead = await chain.createReplica();
    const slot = await committedSlot(dead, 'unseen');
    await chain.anvil.request('eth_sendRawTransaction', [slot.attempts[0]?.raw]);
    const replica = await chain.startReplica();
    expect(await replica.waitForResult('unseen')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toEqual([]);
    expect(await chain.nonce()).toBe(slot.nonce + 1);
  });

  it('closes a slot whose job is gone from Redis, and adopts its token when the message comes again', async () => {
    const dead = await chain.createReplica();
    const slot = await committedSlot(dead, 'forgotten');
    await dead.redis.del(...(await dead.redis.keys('*:job:forgotten')));
    const replica = await chain.startReplica();
    await replica.waitForOpenSlots(0);
    expect(chain.proxy.sentTransactions).toEqual([slot.attempts[0]?.raw]);
    const { values } = await replica.metrics.tokenGasUsed.get();
    expect(values.every(({ value }) => Number.isFinite(value))).toBe(true);
    await replica.submit('forgotten');
    expect(await replica.waitForResult('forgotten')).toMatchObject({ kind: 'adopted' });
  });

  const outcomes: readonly (readonly [string, RpcFault])[] = [
    ['the answer is lost and the node has it', 'drop-answer'],
    ['the request is lost', 'drop-request'],
    ['the gateway answers 500', 500],
    ['the node claims that the nonce is too low', { code: -32000, message: 'nonce too low' }],
  ];
  it.each(outcomes)('sends the same bytes and no other when %s', async (what, fate) => {
    const replica = await chain.startReplica({ REPLACE_AFTER: '60' });
    let faults = 1;
    chain.proxy.setRule(({ method }) => (method === 'eth_sendRawTransaction' && faults-- > 0 ? fate : 'forward'));
    const model = `unknown: ${what}`;
    const nonce = await chain.nonce();
    await replica.submit(model);
    expect(await chain.hurry(replica.waitForResult(model))).toMatchObject({ kind: 'deployed' });
    expect(new Set(chain.proxy.sentTransactions).size).toBe(1);
    expect(await chain.nonce()).toBe(nonce + 1);
    expect((await chain.tokens.find(model))?.deployments).toBe(1);
  });

  it('goes on after a restart with what the stopped process had under way', async () => {
    await chain.setAutomine(false);
    const before = await chain.startReplica({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    await before.submit('restart-1', 'restart-2');
    await chain.waitForMempool(2);
    const journalled = (await before.slots()).map(({ attempts }) => attempts[0]?.raw);
    await before.stop();
    const after = await chain.startReplica({ BATCH_SIZE: '1' });
    await until('the same bytes again', () => chain.proxy.sentTransactions.length === 4);
    await chain.mine();
    expect(await after.waitForResult('restart-1')).toMatchObject({ kind: 'deployed' });
    expect(await after.waitForResult('restart-2')).toMatchObject({ kind: 'deployed' });
    expect(new Set(chain.proxy.sentTransactions)).toEqual(new Set(journalled));
    expect(await after.slots()).toEqual([]);
  });

  it('fills the pool of a node that came back empty, with the same bytes', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    await replica.submit('pool-1', 'pool-2');
    await chain.waitForMempool(2);
    const hashes = (await replica.slots()).map(({ attempts }) => attempts[0]?.hash);
    await chain.anvil.request('anvil_dropAllTransactions');
    expect(await chain.nonce('pending')).toBe(await chain.nonce('latest'));
    await chain.hurry(chain.waitForMempool(2));
    await chain.mine();
    const findings = await Promise.all(['pool-1', 'pool-2'].map((model) => replica.waitForResult(model)));
    expect(findings.map((finding) => finding.kind === 'deployed' && finding.token.transactionHash)).toEqual(hashes);
    expect(new Set(chain.proxy.sentTransactions).size).toBe(2);
  });

  it('takes the next nonce from the chain when the journal has none', async () => {
    const nonce = await chain.nonce();
    await chain.sendForeignTransaction(nonce);
    const replica = await chain.startReplica();
    await replica.submit('fresh');
    await replica.waitForResult('fresh');
    expect(Transaction.from(chain.proxy.sentTransactions[0]).nonce).toBe(nonce + 1);
  });

  it('takes the next nonce from the chain when the journal is ahead and nothing is open', async () => {
    const dead = await chain.createReplica();
    const lease = await dead.acquireLane();
    const nonce = await chain.nonce();
    await dead.journal.resetNonce(lease, nonce + 5);
    await dead.journal.release(lease);
    const replica = await chain.startReplica();
    await replica.submit('ahead');
    expect(await replica.waitForResult('ahead')).toMatchObject({ kind: 'deployed' });
    expect(await chain.nonce()).toBe(nonce + 1);
  });

  it('signs nothing while the chain has transactions that the journal does not know', async () => {
    const before = await chain.startReplica();
    await before.submit('known');
    await before.waitForResult('known');
    await before.stop();
    await chain.setAutomine(false);
    const nonce = await chain.nonce();
    await chain.sendForeignTransaction(nonce);
    await chain.sendForeignTransaction(nonce + 1);
    const replica = await chain.startReplica();
    await replica.waitForHold('lane_quarantined');
    await replica.submit('patient');
    await chain.anvil.request('evm_mine');
    await replica.waitForHoldCleared('lane_quarantined');
    await chain.setAutomine(true);
    expect(await replica.waitForResult('patient')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions.map((raw) => Transaction.from(raw).nonce)).toEqual([nonce - 1, nonce + 2]);
  });
});
