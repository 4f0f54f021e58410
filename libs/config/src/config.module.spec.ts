import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { BackendConfig } from './sections/backend.config.js';
import { ConfigValidationError } from './env/config-validation.error.js';
import { AppConfigModule } from './config.module.js';
import { TokenManagerConfig } from './sections/token-manager.config.js';
import { CONFIG_CLASSES } from './sections/config-classes.js';

const ENVIRONMENT = {
  CHAIN_ID: '31337',
  DEPLOYER_PRIVATE_KEY: '11'.repeat(32),
  FACTORY_ADDRESS: `0x${'22'.repeat(20)}`,
  BATCH_SIZE: '7',
};

describe('AppConfigModule', () => {
  it('provides every topic, and null for the backend that was not chosen', async () => {
    const module = await Test.createTestingModule({ imports: [AppConfigModule.forRoot(ENVIRONMENT)] }).compile();
    const read = CONFIG_CLASSES.filter((topic) => topic !== TokenManagerConfig);
    for (const topic of read) expect(module.get(topic)).toBeInstanceOf(topic);
    expect(module.get(TokenManagerConfig)).toBeNull();
    expect(module.get(BackendConfig).batchSize).toBe(7);
  });

  it('refuses a bad environment', async () => {
    await expect(AppConfigModule.forRoot({ ...ENVIRONMENT, CHAIN_ID: 'x' })).rejects.toThrow(ConfigValidationError);
  });
});
