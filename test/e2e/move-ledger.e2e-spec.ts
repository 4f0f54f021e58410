import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { deployContracts } from '../support/chain/deploy-contracts.js';
import { FactoryTokenReader } from '../support/chain/factory-token-reader.js';
import { TokenManagerContracts } from '../support/chain/token-manager-contracts.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestProcess } from '../support/process/test-process.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const [DEPLOYER, SECOND] = ANVIL_ACCOUNTS;
type Changes = Readonly<Record<string, string>>;

function message(model: string, symbol = 'FIRST'): string {
  return platformMessage({ model_id: model, token_symbol: symbol }, { max_retries: 0 });
}

describe('ledger:move', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ env: { LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2' } });
  });
  beforeEach(() => stack.queue.redis.flushall());
  afterEach(() => stack.service.stop());
  afterAll(() => stack.stop());

  /** Runs the compiled command. */
  const move = async (changes: Changes, ...args: readonly string[]) => {
    const lines: string[] = [];
    const program = resolve('dist/apps/cli/src/move-ledger/move-ledger.command.js');
    const child = new TestProcess(process.execPath, [program, ...args], {
      env: { ...stack.environment, ...changes },
      onLine: (line) => lines.push(line),
    });
    return { code: await child.exit, text: lines.join('\n') };
  };

  /** Starts the service, which must end, and returns its last words. */
  const refusal = async (changes: Changes): Promise<string> => {
    stack.service.launch(changes);
    await until('the service to refuse', () => !stack.service.running, { timeoutMs: 60_000 });
    expect(await stack.service.exit()).toBe(1);
    return stack.service.output;
  };

  const deploy = async (...messages: readonly string[]): Promise<void> => {
    await stack.queue.push(...messages);
    await stack.queue.drained();
  };

  it('moves a queue to another factory, where its models get no second token', async () => {
    const former = stack.environment['FACTORY_ADDRESS'] ?? '';
    const current = await deployContracts(stack.node, `${SECOND.privateKey},${DEPLOYER.privateKey}`);
    const tokens = new FactoryTokenReader(stack.node.url, current);
    await stack.service.start();
    await deploy(message('made'));
    await stack.service.stop();
    const made = (await stack.tokens.find('made'))?.address;
    const [event] = await stack.queue.events();

    const forgetful = { FACTORY_ADDRESS: current };
    const wanted = { ...forgetful, FORMER_FACTORIES: former.toLowerCase() };
    expect(await refusal(wanted)).toContain('move the queue with ledger:move');
    const refused = await move(forgetful);
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('not moved: FORMER_FACTORIES or FORMER_TOKEN_MANAGERS must name');

    const foretold = await move(wanted, '--dry-run');
    expect(foretold.code).toBe(0);
    expect(foretold.text).toContain(`model made  token ${made} in ${former.toLowerCase()}`);
    expect(foretold.text).toContain('dry run: nothing was written');
    expect(await refusal(wanted)).toContain('move the queue with ledger:move');

    const moved = await move(wanted);
    expect(moved.code).toBe(0);
    expect(moved.text.split('\n').at(-1)).toBe('moved');
    expect(await refusal(forgetful)).toContain('deployed to');
    expect(await refusal({})).toContain('move the queue with ledger:move');

    await stack.service.start(wanted);
    await deploy(message('made'), message('made', 'RIVAL'), message('new'));
    expect(await tokens.find('made')).toBeNull();
    expect(await tokens.find('new')).toMatchObject({ deployments: 1 });
    expect(await stack.tokens.find('made')).toMatchObject({ deployments: 1 });
    expect(await stack.queue.deadLetters()).toMatchObject([{ model_id: 'made', reason: 'conflict' }]);
    const events = (await stack.queue.events()).filter(({ model_id: model }) => model === 'made');
    expect(new Set(events.map(({ event_id: id }) => id))).toEqual(new Set([event?.event_id]));
    tokens.close();
  });

  it('moves a queue to another TokenManager, where a model with a token is a conflict', async () => {
    const [former, current] = [
      await TokenManagerContracts.deploy(stack.node, DEPLOYER.address),
      await TokenManagerContracts.deploy(stack.node, DEPLOYER.address),
    ];
    await stack.service.start(former.environment);
    await deploy(message('31'));
    await stack.service.stop();
    const { address } = await former.find('31');

    const wanted = { ...current.environment, FORMER_TOKEN_MANAGERS: former.manager.toLowerCase() };
    expect(await move(wanted, '--dry-run')).toMatchObject({ code: 0 });
    expect(await refusal(wanted)).toContain('move the queue with ledger:move');
    expect(await move(wanted)).toMatchObject({ code: 0 });

    await stack.service.start(wanted);
    await deploy(message('31'), message('32'));
    expect(await current.find('31')).toMatchObject({ address: null, deployments: 0 });
    expect(await current.find('32')).toMatchObject({ deployments: 1, registrations: 1 });
    expect(await stack.queue.deadLetters()).toMatchObject([
      { model_id: '31', reason: 'conflict', error: expect.stringContaining(String(address)) as string },
    ]);
    former.close();
    current.close();
  });

  it.each([
    ['the former', (address: string) => [address, address.toLowerCase()] as const],
    ['the current', (address: string) => [address.toLowerCase(), address] as const],
  ])('refuses a TokenManager that is also a former one when %s one is in lower case', async (_, spell) => {
    const contracts = await TokenManagerContracts.deploy(stack.node, DEPLOYER.address);
    const [current, former] = spell(contracts.manager);
    const said = await refusal({
      ...contracts.environment,
      TOKEN_MANAGER_ADDRESS: current,
      FORMER_TOKEN_MANAGERS: former,
    });
    expect(said).toContain('which is the current contract');
    contracts.close();
  });
});
