import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { DeploymentJobs, JobRestoration, JournalDurability, LaneJournal, LedgerCheck, SpendLedger } from '#core';
import { RedisConnections, RedisModule } from '#redis';
import type { LedgerOptions } from './ledger-options.js';
import { RedisLedgerCheck } from './inspection/redis-ledger-check.adapter.js';
import { RedisDeploymentJobs } from './jobs/redis-deployment-jobs.adapter.js';
import { RedisJobRestoration } from './jobs/redis-job-restoration.adapter.js';
import { RedisJournalDurability } from './lanes/redis-journal-durability.adapter.js';
import { RedisLaneJournal } from './lanes/redis-lane-journal.adapter.js';
import { RedisSpendLedger } from './spending/redis-spend-ledger.adapter.js';

/** Factory of the options. `imports` holds the non-global modules that `inject` needs. */
export type LedgerModuleOptions = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<LedgerOptions>, 'inject' | 'useFactory'>;

const OPTIONS = Symbol('LedgerOptions');

/** Provides the Redis adapters of jobs, lanes and journal. */
@Module({})
export class LedgerModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: LedgerModuleOptions): DynamicModule {
    return {
      module: LedgerModule,
      imports: [RedisModule, ...imports],
      providers: [
        { provide: OPTIONS, inject, useFactory },
        overRedis(DeploymentJobs, RedisDeploymentJobs),
        overRedis(LaneJournal, RedisLaneJournal),
        overRedis(JobRestoration, RedisJobRestoration),
        overRedis(JournalDurability, RedisJournalDurability),
        overRedis(LedgerCheck, RedisLedgerCheck),
        overRedis(SpendLedger, RedisSpendLedger),
      ],
      exports: [DeploymentJobs, LaneJournal, JobRestoration, JournalDurability, LedgerCheck, SpendLedger],
    };
  }
}

function overRedis<T>(
  port: abstract new () => T,
  Adapter: new (connections: RedisConnections, options: LedgerOptions) => T,
): FactoryProvider<T> {
  return {
    provide: port,
    inject: [RedisConnections, OPTIONS],
    useFactory: (connections: RedisConnections, options: LedgerOptions) => new Adapter(connections, options),
  };
}
