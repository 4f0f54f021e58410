import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { BackendConfig } from './backend.config.js';
import { InvalidEnvironment } from './invalid-environment.js';
import { SettingsModule } from './settings.module.js';
import { TokenManagerConfig } from './token-manager.config.js';
import { TOPICS } from './topics.js';

const ENVIRONMENT = {
  CHAIN_ID: '31337',
  DEPLOYER_PRIVATE_KEY: '11'.repeat(32),
  FACTORY_ADDRESS: `0x${'22'.repeat(20)}`,
  BATCH_SIZE: '7',
};

describe('SettingsModule', () => {
  it('provides every topic, and null for the backend that was not chosen', async () => {
    const module = await Test.createTestingModule({ imports: [SettingsModule.forRoot(ENVIRONMENT)] }).compile();
    const read = TOPICS.filter((topic) => topic !== TokenManagerConfig);
    for (const topic of read) expect(module.get(topic)).toBeInstanceOf(topic);
    expect(module.get(TokenManagerConfig)).toBeNull();
    expect(module.get(BackendConfig).batchSize).toBe(7);
  });

  it('refuses a bad environment', async () => {
    await expect(SettingsModule.forRoot({ ...ENVIRONMENT, CHAIN_ID: 'x' })).rejects.toThrow(InvalidEnvironment);
  });
});
