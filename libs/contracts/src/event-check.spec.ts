import { id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { factoryInterface } from './artifacts.js';
import { requireDecodableEvent } from './event-check.js';
import type { EventLog } from './factory/factory-logs.js';
import { managerInterface, registryInterface } from './token-manager/interfaces.js';
import { readTokenManagerDeployments } from './token-manager/token-manager-logs.js';

const ADDRESS = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const TOKEN = '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc';

const deployed = factoryInterface.encodeEventLog('TokenDeployed', [TOKEN, id('21'), ADDRESS, '21', 'run']);
const skipped = factoryInterface.encodeEventLog('ModelConflictSkipped', [TOKEN, id('21'), '21']);
const created = managerInterface.encodeEventLog('TokenDeployed', ['21', TOKEN, ADDRESS, 'Hokusai 21', 'MSG', 5n]);
const registered = registryInterface.encodeEventLog('ModelRegistered', [21n, TOKEN, 'accuracy']);

describe('requireDecodableEvent', () => {
  it.each([
    ['TokenDeployed of the factory', deployed],
    ['ModelConflictSkipped of the factory', skipped],
    ['TokenDeployed of the manager', created],
    ['ModelRegistered of the registry', registered],
  ])('rejects data and topics of %s that another decoder would fail at', (_name, { topics, data }) => {
    const isDecodable = (changes: Partial<EventLog>): boolean => {
      try {
        requireDecodableEvent({ address: ADDRESS, topics, data, ...changes });
        return true;
      } catch {
        return false;
      }
    };
    expect(isDecodable({})).toBe(true);
    const shortened = topics.map((topic, index) => (index === 0 ? topic : '0x'));
    for (const wrong of ['0x', data.slice(0, 66), `0x${'f'.repeat(128)}`])
      expect(isDecodable({ data: wrong })).toBe(false);
    for (const wrong of [topics.slice(0, 1), shortened]) expect(isDecodable({ topics: wrong })).toBe(false);
  });

  it('accepts other events, and none', () => {
    for (const topics of [[], [id('Transfer(address,address,uint256)')]])
      expect(() => requireDecodableEvent({ address: ADDRESS, topics, data: '0x' })).not.toThrow();
  });

  it("accepts a token's name that is no UTF-8, which its deployer chose", () => {
    const data = created.data.replace(Buffer.from('Hokusai 21').toString('hex'), 'ff'.repeat(10));
    const log = { address: ADDRESS, topics: created.topics, data };
    expect(() => requireDecodableEvent(log)).not.toThrow();
    expect(readTokenManagerDeployments(ADDRESS, [log])).toMatchObject([{ modelIdHash: id('21'), tokenAddress: TOKEN }]);
  });
});
