import { describe, expect, it } from 'vitest';
import type { Environment } from '../env/environment.js';
import { FactoryConfig } from './factory.config.js';
import { loadConfig } from '../env/load-config.js';
import { TokenManagerConfig } from './token-manager.config.js';

const ENVIRONMENT = {
  TOKEN_BACKEND: 'Token-Manager',
  TOKEN_MANAGER_ADDRESS: `0x${'11'.repeat(20)}`,
  MODEL_REGISTRY_ADDRESS: `0x${'22'.repeat(20)}`,
  MODEL_SUPPLIER_ALLOCATION: '2500000',
  MODEL_SUPPLIER_RECIPIENT: `0x${'33'.repeat(20)}`,
  INVESTOR_ALLOCATION: '7500000.000000000000000001',
  TOKENS_PER_DELTA_ONE: '1000',
  INFRASTRUCTURE_ACCRUAL_BPS: '8000',
  LICENSE_HASH: `0x${'AB'.repeat(32)}`,
  LICENSE_URI: 'https://example.com/licence',
  GOVERNOR_ADDRESS: `0x${'44'.repeat(20)}`,
};
const TOPICS = [FactoryConfig, TokenManagerConfig];

const read = (changes: Environment = {}) => loadConfig({ ...ENVIRONMENT, ...changes }, TOPICS);
const config = (changes: Environment = {}): TokenManagerConfig => read(changes).get(TokenManagerConfig);

describe('the settings of token-manager', () => {
  it('are read when they are chosen, and those of the factory are not asked for', () => {
    expect(config()).toMatchObject({
      modelSupplierAllocation: 2_500_000n * 10n ** 18n,
      investorAllocation: 7_500_000n * 10n ** 18n + 1n,
      tokensPerDeltaOne: 10n ** 21n,
      oraclePricePerThousandUsd: 0n,
      licenseHash: `0x${'ab'.repeat(32)}`,
      vestingEnabled: false,
      maxDeploymentFee: 0n,
      formerDeployers: null,
    });
    expect(read().find(FactoryConfig)).toBeNull();
  });

  it('are not asked for when the factory is chosen, by name or by default', () => {
    const factory = { FACTORY_ADDRESS: `0x${'55'.repeat(20)}` };
    for (const environment of [factory, { ...factory, TOKEN_BACKEND: 'factory' }]) {
      const settings = loadConfig(environment, TOPICS);
      expect(settings.find(TokenManagerConfig)).toBeNull();
      expect(settings.get(FactoryConfig).factoryAddress).toBe(factory.FACTORY_ADDRESS);
    }
  });

  it('are complained about by name', () => {
    const bad = {
      TOKEN_MANAGER_ADDRESS: '',
      INVESTOR_ALLOCATION: '0',
      MAX_DEPLOYMENT_FEE_ETHER: '0.0000000000000000001',
    };
    expect(() => config(bad)).toThrow(
      /TOKEN_MANAGER_ADDRESS is required[^]*INVESTOR_ALLOCATION must be[^]*MAX_DEPLOYMENT_FEE_ETHER must be/,
    );
  });

  it('keep units apart', () => {
    const changes = { ORACLE_PRICE_PER_THOUSAND_USD: '1.5', MAX_DEPLOYMENT_FEE_ETHER: '0.01' };
    expect(config(changes)).toMatchObject({ oraclePricePerThousandUsd: 1_500_000n, maxDeploymentFee: 10n ** 16n });
    const former = `0x${'66'.repeat(20)}, 0x${'77'.repeat(20)}`;
    expect(config({ FORMER_DEPLOYERS: former }).formerDeployers).toHaveLength(2);
    expect(() => config({ FORMER_DEPLOYERS: `${former},` })).toThrow(/FORMER_DEPLOYERS must be/);
  });

  it.each(['MODEL_SUPPLIER_ALLOCATION', 'INVESTOR_ALLOCATION', 'TOKENS_PER_DELTA_ONE'])(
    'reject %s in wei, or of 10^15 whole tokens and more',
    (variable) => {
      for (const text of ['2500000000000000000000000', '1000000000000000']) {
        expect(() => config({ [variable]: text })).toThrow(
          `${variable} must be an amount of whole tokens, with up to 18 decimals, above zero and below 10^15; divide an amount in wei by 10^18`,
        );
      }
      expect(() => config({ [variable]: '999999999999999.999999999999999999' })).not.toThrow();
    },
  );

  it("names the variable to set in place of one of Hokusai's contract-deployer", () => {
    const peer = 'INITIAL_ORACLE_PRICE_PER_THOUSAND_USD';
    expect(() => config({ [peer]: '1500000' })).toThrow(
      `${peer} is a variable of Hokusai's contract-deployer: set ORACLE_PRICE_PER_THOUSAND_USD instead, in US dollars: its value divided by 1,000,000`,
    );
    expect(config({ [peer]: '1500000', ORACLE_PRICE_PER_THOUSAND_USD: '1.5' }).oraclePricePerThousandUsd).toBe(
      1_500_000n,
    );
  });

  it('let a reward vest only over some time, and the cliff be no longer than that', () => {
    expect(() => config({ VESTING_ENABLED: 'true' })).toThrow(/VESTING_DURATION must be above 0/);
    expect(() => config({ VESTING_DURATION: '10', VESTING_CLIFF: '11' })).toThrow(/VESTING_CLIFF must not be longer/);
    const vesting = { VESTING_ENABLED: 'TRUE', VESTING_DURATION: '31536000', VESTING_CLIFF: '7776000' };
    expect(config(vesting)).toMatchObject({ vestingEnabled: true, vestingDurationSeconds: 31_536_000 });
  });
});
