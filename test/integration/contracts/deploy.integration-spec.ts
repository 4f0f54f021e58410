import {
  decodeDeployBatchResult,
  decodeDeployResult,
  decodeRevert,
  deployedTopics,
  encodeDeploy,
  encodeDeployBatch,
  FACTORY_LIMITS,
  readFactoryLogs,
  type TokenDeployment,
} from '#contracts';
import { toQuantity } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractsFixture, deploymentFor, deploymentOf, type Receipt, REFERENCE } from './contracts.fixture.js';

describe('HokusaiTokenFactory deploys', () => {
  let chain: ContractsFixture;

  beforeAll(async () => {
    chain = await ContractsFixture.start();
  });

  afterAll(() => chain.anvil.stop());

  const deploy = async (deployment: TokenDeployment): Promise<Receipt> =>
    await chain.sendToFactory(chain.deployer, encodeDeploy(deployment));
  const logsOf = ({ logs }: Receipt): unknown => readFactoryLogs(chain.factory.factoryAddress, logs);

  it('a token at the address that was known before, and says so in one event', async () => {
    const deployment = deploymentFor('first');
    expect(decodeDeployResult(await chain.call(chain.factory.factoryAddress, encodeDeploy(deployment)))).toEqual({
      tokenAddress: chain.tokenOf('first'),
      status: 'created',
    });
    const receipt = await deploy(deployment);
    expect(receipt.status).toBe('0x1');
    expect(logsOf(receipt)).toEqual([
      {
        kind: 'deployed',
        tokenAddress: chain.tokenOf('first'),
        modelId: 'first',
        deployer: chain.deployer.address,
        mlflowRunId: REFERENCE.mlflowRunId,
      },
    ]);
    expect(await chain.code(chain.tokenOf('first'))).not.toBe('0x');
  });

  it('a model without a run', async () => {
    const receipt = await deploy(deploymentOf({ modelId: 'no-run', contributor: null }, null));
    expect(logsOf(receipt)).toMatchObject([{ modelId: 'no-run', mlflowRunId: null }]);
  });

  it('every record of a model to the same address', async () => {
    const snapshot = await chain.anvil.request('evm_snapshot');
    await deploy(deploymentOf({ modelId: 'same', tokenSymbol: 'A', baselineValue: -5n, contributor: null }));
    expect(await chain.readFactory('tokenOf', ['same'])).toBe(chain.tokenOf('same'));
    await chain.anvil.request('evm_revert', [snapshot]);
    expect(await chain.code(chain.tokenOf('same'))).toBe('0x');
    await deploy(deploymentOf({ modelId: 'same', tokenSymbol: 'B', metricName: 'auroc' }));
    expect(await chain.readFactory('tokenOf', ['same'])).toBe(chain.tokenOf('same'));
    expect(await chain.readToken(chain.tokenOf('same'), 'symbol')).toBe('B');
  });

  it('the same record twice without revert, change or event, also from another run', async () => {
    await deploy(deploymentFor('twice'));
    const code = await chain.code(chain.tokenOf('twice'));
    const again = deploymentOf({ modelId: 'twice' }, 'another run');
    const receipt = await deploy(again);
    expect(receipt.status).toBe('0x1');
    expect(receipt.logs).toEqual([]);
    expect(await chain.code(chain.tokenOf('twice'))).toBe(code);
    expect(decodeDeployResult(await chain.call(chain.factory.factoryAddress, encodeDeploy(again)))).toEqual({
      tokenAddress: chain.tokenOf('twice'),
      status: 'existing',
    });
  });

  it.each([
    { tokenSymbol: 'MSGSALF' },
    { metricName: 'accurac' },
    { baselineValue: REFERENCE.record.baselineValue + 1n },
    { baselineValue: REFERENCE.record.baselineValue / 10n },
    { currentValue: -REFERENCE.record.currentValue },
    { contributor: null },
    // Symbol and metric name side by side are the same characters as before.
    { tokenSymbol: 'MSGSALEa', metricName: 'ccuracy' },
  ])('no second record for a model: %o', async (change) => {
    await deploy(deploymentFor('contested'));
    const conflict = encodeDeploy(deploymentOf({ modelId: 'contested', ...change }));
    expect(decodeRevert(await chain.revertOf(chain.factory.factoryAddress, conflict))).toEqual({
      name: 'ModelConflict',
      args: [chain.tokenOf('contested')],
    });
  });

  it('the neighbours of a conflict, in order', async () => {
    await deploy(deploymentFor('old'));
    const batch = encodeDeployBatch([
      deploymentFor('left'),
      deploymentFor('old'),
      deploymentOf({ modelId: 'old', tokenSymbol: 'OTHER' }),
      deploymentFor('right'),
      deploymentFor('left'),
      deploymentOf({ modelId: 'right', contributor: null }),
    ]);
    const simulated = decodeDeployBatchResult(await chain.call(chain.factory.factoryAddress, batch));
    expect(simulated.map(({ status }) => status)).toEqual([
      'created',
      'existing',
      'conflict',
      'created',
      'existing',
      'conflict',
    ]);
    expect(simulated.map(({ tokenAddress }) => tokenAddress)).toEqual(
      ['left', 'old', 'old', 'right', 'left', 'right'].map((modelId) => chain.tokenOf(modelId)),
    );
    const receipt = await chain.sendToFactory(chain.deployer, batch);
    expect(receipt.status).toBe('0x1');
    expect(logsOf(receipt)).toMatchObject([
      { kind: 'deployed', modelId: 'left' },
      { kind: 'conflict', modelId: 'old', tokenAddress: chain.tokenOf('old') },
      { kind: 'deployed', modelId: 'right' },
      { kind: 'conflict', modelId: 'right', tokenAddress: chain.tokenOf('right') },
    ]);
    expect(await chain.readToken(chain.tokenOf('old'), 'symbol')).toBe(REFERENCE.record.tokenSymbol);
  });

  it('nothing for an empty batch', async () => {
    const answer = await chain.call(chain.factory.factoryAddress, encodeDeployBatch([]));
    expect(decodeDeployBatchResult(answer)).toEqual([]);
  });

  it.each(['encodeDeploy', 'encodeDeployBatch'] as const)('nothing for those without the role: %s', async (kind) => {
    const deployment = deploymentFor('squatted');
    const data = kind === 'encodeDeploy' ? encodeDeploy(deployment) : encodeDeployBatch([deployment]);
    for (const account of [chain.stranger, chain.admin]) {
      expect(decodeRevert(await chain.revertOf(chain.factory.factoryAddress, data, account.address))?.name).toBe(
        'AccessControlUnauthorizedAccount',
      );
    }
    expect((await chain.sendToFactory(chain.stranger, data)).status).toBe('0x0');
    expect(await chain.code(chain.tokenOf('squatted'))).toBe('0x');
  });

  it('where the address received ether before', async () => {
    const address = chain.tokenOf('funded');
    await chain.anvil.request('anvil_setBalance', [address, toQuantity(1)]);
    expect((await deploy(deploymentFor('funded'))).status).toBe('0x1');
    expect(await chain.readFactory('isToken', [address])).toBe(true);
  });

  it.each([
    [{ modelId: '' }, 'FieldEmpty', ['modelId']],
    [{ tokenSymbol: '' }, 'FieldEmpty', ['symbol']],
    [{ modelId: 'm'.repeat(256) }, 'FieldTooLong', ['modelId', '256']],
    [{ tokenSymbol: 's'.repeat(256) }, 'FieldTooLong', ['symbol', '256']],
    [{ metricName: '€'.repeat(86) }, 'FieldTooLong', ['metricName', '258']],
    [{ metricName: 'm'.repeat(70_000) }, 'FieldTooLong', ['metricName', '70000']],
  ])('no record beyond the limits', async (change, name, args) => {
    const data = encodeDeploy(deploymentOf(change));
    expect(decodeRevert(await chain.revertOf(chain.factory.factoryAddress, data))).toEqual({ name, args });
  });

  it('no run id beyond the limit', async () => {
    const data = encodeDeploy(deploymentOf({ modelId: 'run' }, 'r'.repeat(FACTORY_LIMITS.mlflowRunId.maxBytes + 1)));
    const revert = decodeRevert(await chain.revertOf(chain.factory.factoryAddress, data));
    expect(revert).toEqual({ name: 'FieldTooLong', args: ['mlflowRunId', '256'] });
  });

  it('events that are found by model', async () => {
    await deploy(deploymentFor('searched'));
    const filter = { address: chain.factory.factoryAddress, fromBlock: '0x0' };
    const find = async (modelId?: string): Promise<Receipt['logs']> =>
      (await chain.anvil.request('eth_getLogs', [{ ...filter, topics: deployedTopics(modelId) }])) as Receipt['logs'];
    expect(readFactoryLogs(chain.factory.factoryAddress, await find('searched'))).toMatchObject([
      { modelId: 'searched', tokenAddress: chain.tokenOf('searched') },
    ]);
    expect(await find('never deployed')).toEqual([]);
    expect((await find()).length).toBeGreaterThan(1);
  });
});
