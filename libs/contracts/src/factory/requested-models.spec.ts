import { describe, expect, it } from 'vitest';
import { factoryInterface } from '../artifacts.js';
import { encodeDeploy, encodeDeployBatch, type TokenDeployment } from './deploy-calls.js';
import { encodeTokenOf } from './view-calls.js';
import { decodeRequestedModels } from './requested-models.js';

function deploymentOf(modelId: string): TokenDeployment {
  const metrics = { metricName: 'f1', baselineValue: -1n, currentValue: 2n };
  return { record: { modelId, tokenSymbol: 'T', contributor: null, ...metrics }, mlflowRunId: null };
}

describe('requestedModels', () => {
  it('decodes both deployment calls', () => {
    expect(decodeRequestedModels(encodeDeploy(deploymentOf('modèle 1')))).toEqual(['modèle 1']);
    expect(decodeRequestedModels(encodeDeployBatch(['b', 'a', 'b'].map(deploymentOf)))).toEqual(['b', 'a', 'b']);
  });

  it.each([
    ['no data', '0x'],
    ['another call of the factory', encodeTokenOf('a')],
    ['an unknown call', '0xdeadbeef00'],
    ['a call that is cut off', encodeDeploy(deploymentOf('a')).slice(0, 200)],
    ['no hexadecimal text', 'deploy'],
    ['the bare selector', factoryInterface.getFunction('deployBatch')?.selector ?? ''],
  ])('returns null for %s', (_, data) => {
    expect(decodeRequestedModels(data)).toBeNull();
  });
});
