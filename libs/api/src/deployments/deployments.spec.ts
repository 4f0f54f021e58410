import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aDeploymentJob, aSignedAttempt } from '../../../../test/support/fixtures/deployment-job.fixture.js';
import { ApiApp, READ_TOKEN } from '../../../../test/support/http/api-app.js';

const TOKEN = {
  tokenAddress: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  transactionHash: '0xaa',
  registryTransactionHash: '0xbb',
  registration: null,
  blockNumber: 7,
  blockTimestamp: 1_767_225_600,
  gasUsed: 75_000n,
  gasPrice: 12_345_678_901_234_567_890n,
  deployerAddress: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
};

describe('deployments', () => {
  let ops: ApiApp;
  let url: string;
  beforeEach(async () => {
    ops = await new ApiApp().start();
    url = await ops.url();
  });
  afterEach(async () => {
    await ops.stop();
  });

  function get(path: string) {
    return request(url).get(path).auth(READ_TOKEN, { type: 'bearer' });
  }

  it('shows the call that the registry owner must make when a token is not registered', async () => {
    const registration = { to: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', calldata: '0x0123' };
    const token = { ...TOKEN, registryTransactionHash: null, registration };
    ops.jobs.jobs = [aDeploymentJob('21', { state: 'deployed_unregistered', token })];
    const answer = await get('/deployments/21').expect(200);
    expect(answer.body).toMatchObject({ state: 'deployed_unregistered', registration });
    expect(answer.body).toMatchObject({ token: { registry_transaction_hash: null } });
    await get('/deployments?state=deployed_unregistered').expect(200);
  });

  it('shows everything about one model', async () => {
    ops.jobs.jobs = [
      aDeploymentJob('team/model 1', {
        state: 'deployed',
        token: TOKEN,
        eventId: 'event-1',
        attempts: [aSignedAttempt('0xa0'), aSignedAttempt('0xaa', { maxFeePerGas: 33_000_000_000n })],
      }),
    ];
    const response = await get('/deployments/team%2Fmodel%201').expect(200);
    expect(response.body).toEqual({
      model_id: 'team/model 1',
      state: 'deployed',
      message_id: 'message-team/model 1',
      record: {
        token_symbol: 'TEST',
        metric_name: 'accuracy',
        baseline_value: '0.85',
        current_value: '-1.25',
        contributor_address: null,
      },
      model_name: 'classifier',
      model_version: '3',
      mlflow_run_id: null,
      improvement_percentage: 2.5,
      producer: null,
      warnings: [],
      token: {
        token_address: TOKEN.tokenAddress,
        transaction_hash: '0xaa',
        registry_transaction_hash: '0xbb',
        block_number: 7,
        deployment_timestamp: '2026-01-01T00:00:00.000Z',
        gas_used: '75000',
        gas_price: '12345678901234567890',
        l1_data_fee: null,
        deployer_address: TOKEN.deployerAddress,
      },
      registration: null,
      event_id: 'event-1',
      failure: null,
      slot: null,
      attempts: [
        {
          transaction_hash: '0xa0',
          gas_limit: '120000',
          max_fee_per_gas: '30000000000',
          max_priority_fee_per_gas: '1000000000',
          signed_at: '2026-01-01T12:00:00.000Z',
          block_number: null,
          effective_gas_price: null,
        },
        {
          transaction_hash: '0xaa',
          gas_limit: '120000',
          max_fee_per_gas: '33000000000',
          max_priority_fee_per_gas: '1000000000',
          signed_at: '2026-01-01T12:00:00.000Z',
          block_number: 7,
          effective_gas_price: '12345678901234567890',
        },
      ],
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-02T00:00:00.000Z',
      holds: [],
    });
  });

  async function reasons(modelId: string): Promise<readonly string[]> {
    const { body } = (await get(`/deployments/${modelId}`).expect(200)) as { body: { holds: { reason: string }[] } };
    return body.holds.map(({ reason }) => reason).toSorted();
  }

  it('shows what blocks an open deployment: its account, or all while it has none', async () => {
    const slot = { lane: '0xa', nonce: 3 };
    ops.jobs.jobs = [
      aDeploymentJob('open'),
      aDeploymentJob('sent', { state: 'submitted', slot }),
      aDeploymentJob('over', { state: 'deployed', token: TOKEN }),
    ];
    ops.holds.set('paused', 'by an operator');
    ops.holds.report('a', 'nodes_refuse', 'nonce 3', '0xa');
    ops.holds.report('b', 'insufficient_funds', 'empty', '0xb');
    expect(await reasons('open')).toEqual(['insufficient_funds', 'nodes_refuse', 'paused']);
    expect(await reasons('sent')).toEqual(['nodes_refuse', 'paused']);
    expect(await reasons('over')).toEqual([]);
  });

  it('lists, pages and filters by state', async () => {
    ops.jobs.jobs = [
      aDeploymentJob('m-3'),
      aDeploymentJob('m-2', { state: 'failed', failure: { reason: 'conflict', error: 'other record' } }),
      aDeploymentJob('m-1'),
    ];
    expect((await get('/deployments?limit=2').expect(200)).body).toMatchObject({
      items: [{ model_id: 'm-3' }, { model_id: 'm-2', failure: { reason: 'conflict', error: 'other record' } }],
      next_cursor: 'm-2',
    });
    expect((await get('/deployments?cursor=m-2').expect(200)).body).toMatchObject({
      items: [{ model_id: 'm-1' }],
      next_cursor: null,
    });
    const failed = (await get('/deployments?state=failed').expect(200)).body as { items: unknown[] };
    expect(failed.items).toHaveLength(1);
  });
});
