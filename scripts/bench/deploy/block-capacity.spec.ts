import { describe, expect, it } from 'vitest';
import { blockCapacities } from './block-capacity.js';

const contracts = {
  manager: '0xAb00000000000000000000000000000000000000',
  registry: '0xCd00000000000000000000000000000000000000',
};
const call = (to: string, gasUsed: number) => ({
  from: '0x01',
  to: to.toLowerCase(),
  input: '0x',
  gasLimit: 9,
  gasUsed,
});
const block = (number: number, deployments: number, registrations = 0) => ({
  number,
  gasUsed: 4 * deployments + registrations,
  gasLimit: 15,
  transactions: [
    ...Array.from({ length: deployments }, () => call(contracts.manager, 4)),
    ...Array.from({ length: registrations }, () => call(contracts.registry, 1)),
  ],
});

describe('roomOfBlocks', () => {
  it('tells of the blocks at whose start there was work for a whole one', () => {
    const rooms = blockCapacities([block(1, 3), block(2, 2), block(3, 0), block(4, 3), block(5, 2)], contracts, 2);
    expect(rooms.map(({ number, deployments, possible }) => [number, deployments, possible])).toEqual([
      [2, 2, 3],
      [3, 0, 3],
      [4, 3, 3],
    ]);
  });

  it('takes the gas of registrations from what deployments may have', () => {
    const rooms = blockCapacities([block(1, 2, 3), block(2, 2, 4), block(3, 3, 1)], contracts, 1);
    expect(rooms.map(({ registrations, possible }) => [registrations, possible])).toEqual([
      [3, 3],
      [4, 2],
      [1, 3],
    ]);
  });

  it('counts the pairs that the gas limit allows', () => {
    const [room] = blockCapacities([block(1, 2, 2), block(2, 2, 2), block(3, 2, 2)], contracts, 1);
    expect(room?.possiblePairs).toBe(3);
  });

  it('takes the gas of what others do from it, too', () => {
    const other = { number: 1, gasUsed: 8, gasLimit: 15, transactions: [call('0x02', 8)] };
    expect(blockCapacities([other, block(2, 3)], contracts, 1)).toMatchObject([
      { deployments: 0, registrations: 0, possible: 1 },
      { possible: 3 },
    ]);
  });
});
