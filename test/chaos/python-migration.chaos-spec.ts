import { expect, it } from 'vitest';
import { GuideConsumer } from './migration/guide-consumer.js';
import { MigrationRun } from './migration/migration-run.js';

it("M1: a migration from the guide's consumer to ours and back, with a kill -9 on the way, loses nothing", async () => {
  const report = await MigrationRun.run((port, queue) => new GuideConsumer(port, queue));
  expect(report).toMatchObject({ orphaned: 2, lost: [], remaining: [], unexpected: [] });
  expect(report.handled).toBeGreaterThan(report.pushed / 2);
}, 120_000);
