import { defineConfig } from 'vitest/config';

// Libraries are resolved to their sources (the `source` condition of package.json's `imports`), never to dist.
const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
};

export default defineConfig({
  ...shared,
  test: {
    // Most of the time a test waits for a server of its own: two at a time even on two cores.
    maxWorkers: 2,
    // What a failed test logged helps; what the others logged hides it.
    silent: 'passed-only',
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
          setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/{integration,security}/**/*.integration-spec.ts'],
          setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/{e2e,security}/**/*.e2e-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.crash-spec.ts'],
          globalSetup: ['test/support/build.ts'],
          setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
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
          globalSetup: ['test/support/build.ts'],
          setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
