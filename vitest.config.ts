import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import { SERVICE_BUNDLE } from './test/support/process/service-bundle.js';

// Libraries are resolved to their sources (the `source` condition of package.json's `imports`), never to dist.
const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
};

const setupFiles = ['reflect-metadata', './test/support/property-seed.ts'];

/** Modules are loaded once for all files of a worker: no file leaves anything behind in them. */
const SHARED_MODULES = { isolate: false };

/** The service in a process of its own. */
const OF_THE_SERVICE = { globalSetup: ['test/support/process/build.ts'], env: { SERVICE_BUNDLE } };

// Of every property in every worker, so that a failure can name it.
process.env['PROPERTY_SEED'] ??= String(randomInt(2 ** 31));

export default defineConfig({
  ...shared,
  test: {
    // What a failed test logged helps; what the others logged hides it.
    silent: 'passed-only',
    reporters: ['dot', './scripts/ci/run-summary.ts'],
    coverage: {
      provider: 'v8',
      include: ['{apps,libs,scripts}/**/*.ts'],
      exclude: ['**/*.spec.ts', '**/index.ts'],
      reporter: ['text-summary', 'html'],
    },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{apps,libs,scripts}/**/*.spec.ts'],
          ...SHARED_MODULES,
          setupFiles,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/{integration,security}/**/*.integration-spec.ts'],
          ...SHARED_MODULES,
          setupFiles,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/{e2e,security}/**/*.e2e-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.crash-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          // Rows of cases run side by side, however many there are.
          maxConcurrency: 1_000,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.chaos-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
