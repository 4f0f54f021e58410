import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { queueKeys } from '#queue';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TokenManagerContracts } from '../support/chain/token-manager-contracts.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const [DEPLOYER, , GOVERNANCE] = ANVIL_ACCOUNTS;

describe('the service on the contracts of Hokusai', () => {
  let stack: TestStack;
  let contracts: TokenManagerContracts;
  let models = 1000;

  beforeAll(async () => {
    stack = await TestStack.start({ env: { LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2' } });
  });
  afterEach(() => contracts.close());
  afterAll(() => stack.stop());

  const begin = async (owner: string): Promise<Readonly<Record<string, string>>> => {
    contracts = await TokenManagerContracts.deploy(stack.node, owner);
    const { home } = queueKeys('hokusai:model_ready_queue');
    await stack.queue.redis.del(home);
    return contracts.environment;
  };
  const nextModel = (): string => String((models += 1));
  const state = async (model: string): Promise<unknown> =>
    (await stack.service.request('GET', `/deployments/${model}`)).body;
  const eventsOf = async (model: string) => (await stack.queue.events()).filter((event) => event.model_id === model);

  it('deploys a token, registers it, and tells once', async () => {
    const env = await begin(DEPLOYER.address);
    const model = nextModel();
    await stack.service.start(env);
    const message = platformMessage({ model_id: model }, { max_retries: 0 });
    await stack.queue.push(message, message);
    await stack.queue.drained();
    const { address, registered, ...counts } = await contracts.find(model);
    expect(counts).toEqual({ deployments: 1, registrations: 1 });
    expect(registered).toBe(address);
    expect(await state(model)).toMatchObject({ state: 'deployed', registration: null });
    expect(await eventsOf(model)).toMatchObject([{ event_type: 'token_deployed', token_name: `Hokusai ${model}` }]);
    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: 0 });
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });

  it('leaves a registration to governance, and tells when it was made', async () => {
    const env = await begin(GOVERNANCE.address);
    const model = nextModel();
    await stack.service.start(env);
    await stack.queue.push(platformMessage({ model_id: model }), platformMessage({ model_id: model }));
    await stack.queue.drained();
    const { address } = await contracts.find(model);
    const registration = { to: contracts.registry, calldata: contracts.registration(model, String(address)) };
    expect(await state(model)).toMatchObject({ state: 'deployed_unregistered', registration });
    expect(await eventsOf(model)).toMatchObject([
      {
        event_type: 'token_deployed_unregistered',
        registry_transaction_hash: null,
        registry_address: registration.to,
        registry_calldata: registration.calldata,
      },
    ]);

    const hash = await contracts.send(GOVERNANCE.address, registration.to, registration.calldata);
    await until('the end', async () => (await eventsOf(model)).length === 2);
    expect((await eventsOf(model))[1]).toMatchObject({
      event_type: 'token_deployed',
      token_address: address,
      registry_transaction_hash: hash,
    });
    expect(await state(model)).toMatchObject({ state: 'deployed', registration: null });
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });

  it('takes no model id but a whole number in its shortest form, and spends nothing on another', async () => {
    const env = await begin(DEPLOYER.address);
    await stack.service.start(env);
    const refused = ['021', '0', '-1', '+1', '1.0', '1e3', ' 7', '0x15', 'model', '٣', String(2n ** 256n)];
    const nonce = await stack.node.request('eth_getTransactionCount', [DEPLOYER.address, 'latest']);
    await stack.queue.push(...refused.map((id) => platformMessage({ model_id: id })));
    await until('the dead letters', async () => (await stack.queue.deadLetters()).length === refused.length);
    for (const [index, entry] of (await stack.queue.deadLetters()).entries()) {
      expect(entry).toMatchObject({ reason: 'invalid_field', model_id: refused[index] });
      expect(entry.error).toContain('payload.model_id');
    }
    expect(await stack.node.request('eth_getTransactionCount', [DEPLOYER.address, 'latest'])).toBe(nonce);
    const large = String(2n ** 64n);
    await stack.queue.push(platformMessage({ model_id: large }));
    await until('a large one', async () => (await contracts.find(large)).registered !== null);
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });

  it('takes the number of a model from a tag, as the platform sends it', async () => {
    const env = await begin(DEPLOYER.address);
    await stack.service.start({ ...env, MODEL_ID_SOURCE: 'tags.hokusai.model_id_uint' });
    const model = nextModel();
    const dead = (await stack.queue.deadLetters()).length;
    await stack.queue.push(registeredVersion('1', { 'hokusai.model_id_uint': model }));
    await until('the token', async () => (await contracts.find(model)).registered !== null);
    // A second version of the model is the same token, and a version without the tag has none.
    await stack.queue.push(registeredVersion('2', { 'hokusai.model_id_uint': model }), registeredVersion('3', {}));
    await until('the dead letter', async () => (await stack.queue.deadLetters()).length === dead + 1);
    await stack.queue.drained();
    expect(await contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    expect(await contracts.deployersOf()).toHaveLength(1);
    expect(await eventsOf(model)).toMatchObject([{ event_type: 'token_deployed', token_symbol: 'MSG-AI' }]);
    const untagged = (await stack.queue.deadLetters()).at(-1);
    expect(untagged).toMatchObject({ reason: 'invalid_field' });
    expect(untagged?.error).toContain('tags.hokusai.model_id_uint');
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });
});

/** A message as the platform's registry hook sends it for a version: `model_id` is name, version and token. */
function registeredVersion(version: string, tags: Readonly<Record<string, string>>): string {
  return platformMessage({
    model_id: `message-classifier/${version}/MSG-AI`,
    model_version: version,
    tags: { 'hokusai.primary_metric': 'accuracy', ...tags },
    proposal_identifier: null,
    status: 'registered',
    api_schema: null,
    eval_spec: null,
    scorer_ref: null,
    benchmark_spec_id: null,
  });
}
