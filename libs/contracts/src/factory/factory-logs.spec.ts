import { id, ZeroHash } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictTokenAddress } from './addresses.js';
import { factoryInterface } from '../artifacts.js';
import { deployedTopics, type EventLog, readFactoryLogs } from './factory-logs.js';

const FACTORY = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const DEPLOYER = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';
const TOKEN = predictTokenAddress(FACTORY, 'model');

function logOf(event: string, values: readonly unknown[], address = FACTORY): EventLog {
  return { address, ...factoryInterface.encodeEventLog(event, [...values]) };
}

const deployed = logOf('TokenDeployed', [TOKEN, id('model'), DEPLOYER, 'model', 'run']);

describe('readFactoryLogs', () => {
  it('decodes deployments and conflicts in order', () => {
    const conflict = logOf('ModelConflictSkipped', [TOKEN, id('model'), 'model']);
    expect(readFactoryLogs(FACTORY, [conflict, deployed])).toEqual([
      { kind: 'conflict', tokenAddress: TOKEN, modelId: 'model' },
      { kind: 'deployed', tokenAddress: TOKEN, modelId: 'model', deployer: DEPLOYER, mlflowRunId: 'run' },
    ]);
  });

  it('decodes texts of any length and script', () => {
    const text = fc.string({ unit: 'binary', maxLength: 70 });
    fc.assert(
      fc.property(text, text, (modelId, run) => {
        const log = logOf('TokenDeployed', [TOKEN, id(modelId), DEPLOYER, modelId, run]);
        expect(readFactoryLogs(FACTORY, [log])).toEqual([
          { kind: 'deployed', tokenAddress: TOKEN, modelId, deployer: DEPLOYER, mlflowRunId: run || null },
        ]);
      }),
    );
  });

  it.each(['0x', '0x1234', deployed.data.slice(0, -64), `0x${'f'.repeat(128)}`])('rejects invalid data: %s', (data) => {
    expect(() => readFactoryLogs(FACTORY, [{ ...deployed, data }])).toThrow('no ABI-encoded strings');
  });

  it('accepts addresses in any case', () => {
    const lower = { ...deployed, address: FACTORY.toLowerCase() };
    expect(readFactoryLogs(FACTORY.toLowerCase(), [lower])).toHaveLength(1);
  });

  it('ignores other contracts and other events', () => {
    const foreign = { ...deployed, address: DEPLOYER };
    const granted = logOf('RoleGranted', [ZeroHash, DEPLOYER, DEPLOYER]);
    const unknown = { address: FACTORY, topics: [id('Unknown()')], data: '0x' };
    const anonymous = { address: FACTORY, topics: [], data: '0x' };
    expect(readFactoryLogs(FACTORY, [foreign, granted, unknown, anonymous])).toEqual([]);
  });
});

describe('deployedTopics', () => {
  it("match the model's deployment", () => {
    const topics = deployedTopics('model');
    expect(topics.map((topic, index) => topic === null || topic === deployed.topics[index])).not.toContain(false);
    expect(topics[2]).toBe(id('model'));
    expect(deployedTopics()).toEqual([deployed.topics[0]]);
  });
});
