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
  producer: null,
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
const fieldsOf = (text: string | null): Record<string, unknown> => JSON.parse(text ?? '') as Record<string, unknown>;
const idOf = (...given: Parameters<typeof eventOf>) => eventOf(...given).eventId;

describe('the event token_deployed', () => {
  it('is flat, with these fields', () => {
    const { eventId, event } = eventOf();
    expect(fieldsOf(event)).toEqual({
      event_type: 'token_deployed',
      event_id: eventId,
      model_id: 'm-1',
      token_address: '0x52908400098527886E0F7030069857D2E4169EE7',
      token_symbol: 'msg-ai',
      token_name: 'Hokusai msg-ai',
      transaction_hash: '0xaa',
      registry_transaction_hash: '0xbb',
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

  it('leaves out what the message does not say', () => {
    const restored = { modelName: null, modelVersion: null, mlflowRunId: null, improvementPercentage: null };
    const { event } = eventOf({ ...REQUEST, ...restored, record: { ...REQUEST.record, contributor: null } });
    const optional = ['mlflow_run_id', 'model_name', 'model_version', 'contributor_address', 'performance_improvement'];
    for (const field of optional) expect(fieldsOf(event)).not.toHaveProperty(field);
    expect(Object.values(fieldsOf(event))).not.toContain(null);
  });

  it('takes the name that the contract gives', () => {
    const { event } = eventOf(REQUEST, TOKEN, { ...SITE, nameOf: ({ modelId }) => `Hokusai ${modelId}` });
    expect(fieldsOf(event)).toMatchObject({ token_name: 'Hokusai m-1' });
  });
});

const REGISTRATION = { to: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', calldata: '0x0123' };
const UNREGISTERED = { ...TOKEN, registryTransactionHash: null, registration: REGISTRATION };

describe('the event token_deployed_unregistered', () => {
  const registration = REGISTRATION;
  const { eventId, event } = tokenUnregisteredEvent(REQUEST, UNREGISTERED, SITE);

  it('says all that token_deployed says, and what is left to call', () => {
    expect(fieldsOf(event)).toEqual({
      ...fieldsOf(eventOf().event),
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

describe("Hokusai's form", () => {
  const site = { ...SITE, hokusaiNetwork: 'ethereum' };
  const request = { ...REQUEST, mlflowRunId: 'run-1' };

  it('has exactly these fields, and the symbol in upper case', () => {
    expect(fieldsOf(eventOf(request, TOKEN, site).event)).toEqual({
      event_type: 'token_deployed',
      model_id: 'm-1',
      token_address: '0x52908400098527886E0F7030069857D2E4169EE7',
      token_symbol: 'MSG-AI',
      token_name: 'Hokusai msg-ai',
      transaction_hash: '0xaa',
      registry_transaction_hash: '0xbb',
      mlflow_run_id: 'run-1',
      model_name: 'Message classifier',
      model_version: '3',
      deployment_timestamp: '2024-01-15T10:30:00.000Z',
      deployer_address: '0xde709f2102306220921060314715629080e2fb77',
      network: 'ethereum',
      block_number: 21,
      gas_used: '75000',
      gas_price: '12345678901234567890',
      contributor_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      performance_metric: 'accuracy',
      performance_improvement: 7.06,
      message_version: '1.0',
    });
  });

  it('leaves out a contributor that the message does not name', () => {
    const { event } = eventOf({ ...request, record: { ...request.record, contributor: null } }, TOKEN, site);
    expect(fieldsOf(event)).not.toHaveProperty('contributor_address');
  });

  it('goes beside the full form to the second list', () => {
    const { eventId, event, fullEvent } = eventOf(request, TOKEN, { ...site, hasFullEventList: true });
    expect(fieldsOf(event)).not.toHaveProperty('event_id');
    expect(fieldsOf(fullEvent)).toEqual(fieldsOf(eventOf(request).event));
    expect(fieldsOf(fullEvent)).toMatchObject({ event_id: eventId, network: 'base' });
  });

  it.each([
    ['a run', { mlflowRunId: null }],
    ['a name', { modelName: null }],
    ['a version', { modelVersion: '' }],
    ['an improvement', { improvementPercentage: null }],
    ['an improvement above 0', { improvementPercentage: 0 }],
    ['a symbol of letters, digits and -', { record: { ...REQUEST.record, tokenSymbol: 'msg_ai' } }],
  ])('yields to the full form for an event without %s', (_, change) => {
    const incomplete = { ...request, ...change };
    const full = eventOf(incomplete).event;
    expect(eventOf(incomplete, TOKEN, site)).toMatchObject({ event: full, fullEvent: null });
    expect(eventOf(incomplete, TOKEN, { ...site, hasFullEventList: true })).toMatchObject({
      event: null,
      fullEvent: full,
    });
  });

  it('does not exist for token_deployed_unregistered', () => {
    const full = tokenUnregisteredEvent(request, UNREGISTERED, SITE).event;
    expect(tokenUnregisteredEvent(request, UNREGISTERED, site)).toMatchObject({ event: full, fullEvent: null });
    const beside = tokenUnregisteredEvent(request, UNREGISTERED, { ...site, hasFullEventList: true });
    expect(beside).toMatchObject({ event: null, fullEvent: full });
  });

  it('leaves the full form to a second list that stands beside one in the full form', () => {
    const { event, fullEvent } = eventOf(request, TOKEN, { ...SITE, hasFullEventList: true });
    expect(event).toBe(fullEvent);
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
