import { id, zeroPadValue } from 'ethers';
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../factory/factory-logs.js';
import { managerInterface, registryInterface } from './interfaces.js';
import {
  findTokenManagerDeployment,
  findRegistration,
  tokenManagerDeploymentTopics,
  readTokenManagerDeployments,
  readRegistrations,
  registrationTopics,
} from './token-manager-logs.js';

const MANAGER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const REGISTRY = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';
const TOKEN = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc';
const DEPLOYER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

const created: EventLog = {
  address: MANAGER.toLowerCase(),
  ...managerInterface.encodeEventLog('TokenDeployed', ['21', TOKEN, DEPLOYER, 'Hokusai 21', 'MSG', 5n]),
};
const registered: EventLog = {
  address: REGISTRY.toLowerCase(),
  ...registryInterface.encodeEventLog('ModelRegistered', [21n, TOKEN, 'accuracy']),
};

describe('TokenManager logs', () => {
  it('have the topics of the live contracts', () => {
    expect(created.topics[0]).toBe(id('TokenDeployed(string,address,address,string,string,uint256)'));
    expect(registered.topics[0]).toBe(id('ModelRegistered(uint256,address,string)'));
    expect(tokenManagerDeploymentTopics('21')).toEqual([created.topics[0], id('21')]);
    expect(registrationTopics('21', TOKEN)).toEqual(registered.topics);
    expect(tokenManagerDeploymentTopics()).toEqual([created.topics[0]]);
    expect(registrationTopics()).toEqual([registered.topics[0]]);
    expect(registered.topics[2]).toBe(zeroPadValue(TOKEN.toLowerCase(), 32));
  });

  it('return the token and the deployer of a model', () => {
    const token = { modelIdHash: id('21'), tokenAddress: TOKEN, deployer: DEPLOYER, name: 'Hokusai 21' };
    expect(findTokenManagerDeployment(MANAGER, '21', [registered, created])).toEqual(token);
    expect(readTokenManagerDeployments(MANAGER, [registered, created, created])).toEqual([token, token]);
  });

  it('return null for another model or another contract', () => {
    expect(findTokenManagerDeployment(MANAGER, '2', [created])).toBeNull();
    expect(findTokenManagerDeployment(REGISTRY, '21', [created])).toBeNull();
    expect(findTokenManagerDeployment(MANAGER, '21', [{ ...created, topics: [] }])).toBeNull();
  });

  it('return the registered token of a model', () => {
    expect(findRegistration(REGISTRY, '21', [created, registered])).toBe(TOKEN);
    expect(readRegistrations(REGISTRY, [created, registered])).toEqual([{ modelId: '21', tokenAddress: TOKEN }]);
    expect(findRegistration(REGISTRY, '2', [registered])).toBeNull();
    expect(findRegistration(MANAGER, '21', [registered])).toBeNull();
  });
});
