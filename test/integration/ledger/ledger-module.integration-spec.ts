import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueueConfig, AppConfigModule } from '#config';
import { DeploymentJobs, LaneJournal } from '#core';
import { LedgerModule } from '#ledger';
import { RedisConnections } from '#redis';
import { TelemetryModule } from '#telemetry';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { CONTRACT, LANE } from './ledger.fixture.js';

describe('LedgerModule', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  it('offers jobs and journal over the Redis of the settings', async () => {
    const module = await Test.createTestingModule({
      imports: [
        AppConfigModule.forRoot({
          REDIS_URL: server.url,
          CHAIN_ID: '31337',
          DEPLOYER_PRIVATE_KEY: '11'.repeat(32),
          FACTORY_ADDRESS: CONTRACT,
        }),
        TelemetryModule.forRootAsync({
          useFactory: () => ({
            log: { level: 'log', secrets: [] },
            labels: { deadLetterReasons: [], holdReasons: [], version: '0.0.0' },
          }),
        }),
        LedgerModule.forRootAsync({
          inject: [QueueConfig],
          useFactory: ({ queueName, deployedQueueName }: QueueConfig) => ({
            queueName,
            deployedQueueName,
            chainId: 31337,
            contract: CONTRACT,
            owner: 'replica-a',
          }),
        }),
      ],
    }).compile();
    await module.init();
    try {
      await until('the connection', () => module.get(RedisConnections, { strict: false }).commands.status === 'ready');
      expect(await module.get(LaneJournal, { strict: false }).acquire(LANE, 1_000)).toEqual({ lane: LANE, epoch: 1 });
      expect(await module.get(DeploymentJobs, { strict: false }).find('model-1')).toBeNull();
    } finally {
      await module.close();
    }
  });
});
