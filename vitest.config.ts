import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { BUNDLED_SERVICE } from './test/support/process/service-bundle.js';

// Libraries are resolved to their sources (the `source` condition of package.json's `imports`), never to dist.
const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
};

const setupFiles = ['reflect-metadata', './test/support/property-seed.ts'];

/** Modules are loaded once for all files of a worker: no file leaves anything behind in them. */
const SHARED_MODULES = { isolate: false };

/** The service in a process of its own. */
const OF_THE_SERVICE = {
  globalSetup: ['test/support/process/build.ts'],
  env: { SERVICE_PROGRAM: BUNDLED_SERVICE.join(' ') },
};

/** Projects with long files come first, and files of a project one after the other, so that workers keep their modules. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ['alerts', 'nodes', 'signers', 'crash', 'chaos', 'e2e', 'integration', 'unit'];
    const rank = ({ project }: TestSpecification): number => order.indexOf(project.name);
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

// Of every property in every worker, so that a failure can name it.
process.env['PROPERTY_SEED'] ??= String(randomInt(2 ** 31));

export default defineConfig({
  ...shared,
  test: {
    // What a failed test logged helps; what the others logged hides it.
    silent: 'passed-only',
    reporters: ['dot', './scripts/ci/run-summary.ts'],
    sequence: { sequencer: LongestFirst },
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
          include: ['{apps,libs,scripts,test}/**/*.spec.ts'],
          ...SHARED_MODULES,
          setupFiles,
          // Some of them wait for a timer.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/{integration,security}/**/*.integration-spec.ts'],
          ...SHARED_MODULES,
          setupFiles,
          // They use less than half of a core each.
          maxWorkers: 4,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/{e2e,security}/**/*.e2e-spec.ts'],
          ...SHARED_MODULES,
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 2,
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
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          // Rows of cases run side by side, however many there are.
          maxConcurrency: 1_000,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.chaos-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'alerts',
          include: ['test/alerts/**/*.alert-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'signers',
          include: ['test/signers/**/*.signer-spec.ts'],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          // pip installs moto once.
          hookTimeout: 600_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'nodes',
          include: ['test/nodes/**/*.node-spec.ts'],
          // It has no node without the URL.
          exclude: process.env['NODE_URL'] === undefined ? ['test/nodes/url.node-spec.ts'] : [],
          ...OF_THE_SERVICE,
          setupFiles,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
