import { describe, expect, it } from 'vitest';
import type { DeployedToken, DeploymentRequest } from '#core';
import { tokenDeployedEvent, tokenUnregisteredEvent, type DeploymentSite } from '../index.js';

const REQUEST: DeploymentRequest = {
  messageId: 'id-1',
  record: {
    modelId: 'm-1',
    tokenSymbol: 'msg-ai',
    metricName: 'accuracy',
    baselineValue: 1n,
    currentValue: 2n,
    contributor: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  },
  modelName: 'Message classifier',
  modelVersion: '3',
  mlflowRunId: null,
  improvementPercentage: 7.06,
  supplierRecipient: null,
  warnings: [],
};

const TOKEN: DeployedToken = {
  tokenAddress: '0x52908400098527886E0F7030069857D2E4169EE7',
  transactionHash: '0xaa',
  registryTransactionHash: '0xbb',
  registration: null,
  blockNumber: 21,
  blockTimestamp: 1_705_314_600,
  gasUsed: 75_000n,
  gasPrice: 12_345_678_901_234_567_890n,
  deployerAddress: '0xde709f2102306220921060314715629080e2fb77',
};

const SITE: DeploymentSite = {
  network: 'base',
  chainId: 8453n,
  contract: '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
};

const eventOf = (request = REQUEST, token = TOKEN, site = SITE) => tokenDeployedEvent(request, token, site);
const idOf = (...given: Parameters<typeof eventOf>) => eventOf(...given).eventId;

describe('the event token_deployed', () => {
  it('is flat, with these fields', () => {
    const { eventId, event } = eventOf();
    expect(JSON.parse(event)).toEqual({
      event_type: 'token_deployed',
      event_id: eventId,
      model_id: 'm-1',
      token_address: '0x52908400098527886E0F7030069857D2E4169EE7',
      token_symbol: 'msg-ai',
      token_name: 'Hokusai msg-ai',
      transaction_hash: '0xaa',
      registry_transaction_hash: '0xbb',
      mlflow_run_id: null,
      model_name: 'Message classifier',
      model_version: '3',
      deployment_timestamp: '2024-01-15T10:30:00.000Z',
      deployer_address: '0xde709f2102306220921060314715629080e2fb77',
      network: 'base',
      chain_id: 8453,
      block_number: 21,
      gas_used: '75000',
      gas_price: '12345678901234567890',
      contributor_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      performance_metric: 'accuracy',
      performance_improvement: 7.06,
      message_version: '1.0',
    });
  });

  it('takes the name that the contract gives', () => {
    const { event } = eventOf(REQUEST, TOKEN, { ...SITE, nameOf: ({ modelId }) => `Hokusai ${modelId}` });
    expect(JSON.parse(event)).toMatchObject({ token_name: 'Hokusai m-1' });
  });
});

describe('the event token_deployed_unregistered', () => {
  const registration = { to: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', calldata: '0x0123' };
  const unregistered = { ...TOKEN, registryTransactionHash: null, registration };
  const { eventId, event } = tokenUnregisteredEvent(REQUEST, unregistered, SITE);

  it('says all that token_deployed says, and what is left to call', () => {
    expect(JSON.parse(event)).toEqual({
      ...(JSON.parse(eventOf().event) as object),
      event_type: 'token_deployed_unregistered',
      event_id: eventId,
      registry_transaction_hash: null,
      registry_address: registration.to,
      registry_calldata: registration.calldata,
    });
  });

  it('has an id of its own, which never changes', () => {
    expect(eventId).toBe('1cacd763-8547-5f59-92b3-d4175bcec06d');
    expect(eventId).not.toBe(idOf());
  });
});

describe('its id', () => {
  // Consumers remember ids for ever: a change of this literal breaks them.
  it('never changes', () => {
    expect(idOf()).toBe('b2053ffe-f7e9-5005-a0f6-46db38ed0629');
  });

  it('depends on nothing but chain, contract and model', () => {
    const other = { ...REQUEST, messageId: 'id-2', modelName: 'x', record: { ...REQUEST.record, tokenSymbol: 'X' } };
    const token = { ...TOKEN, transactionHash: '0xcc', blockNumber: 22, gasUsed: 1n };
    const site = { network: 'other', chainId: 8453, contract: SITE.contract.toLowerCase() };
    expect(idOf(other, token, site)).toBe(idOf());
  });

  it('depends on each of them', () => {
    const model = { ...REQUEST, record: { ...REQUEST.record, modelId: 'm-2' } };
    const ids = [
      idOf(),
      idOf(model),
      idOf(REQUEST, TOKEN, { ...SITE, chainId: 1 }),
      idOf(REQUEST, TOKEN, { ...SITE, contract: TOKEN.tokenAddress }),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});
