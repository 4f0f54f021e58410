import { describe, expect, it } from 'vitest';
import { implementationAddress, predictFactoryAddress, predictTokenAddress } from './addresses.js';

const ADMIN = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const OTHER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

describe('addresses', () => {
  it('depend on admin, factory and model id, for addresses in any case', () => {
    const factory = predictFactoryAddress(ADMIN);
    expect(predictFactoryAddress(ADMIN.toLowerCase())).toBe(factory);
    const tokens = [ADMIN, OTHER].flatMap((admin) =>
      ['a', 'b', 'A', ''].map((modelId) => predictTokenAddress(predictFactoryAddress(admin), modelId)),
    );
    expect(new Set(tokens).size).toBe(8);
    expect(implementationAddress(factory)).not.toBe(implementationAddress(predictFactoryAddress(OTHER)));
  });
});
