// The import rules of ARCHITECTURE.md. scripts/import-rules.spec.ts plants a violation of each and sees it reported.

/** What each library may import of the others, through their index.ts. */
const LIBRARIES = {
  core: [],
  messages: ['core'],
  config: [],
  telemetry: [],
  redis: ['core', 'config', 'telemetry'],
  signing: ['core', 'config'],
  contracts: ['core', 'signing'],
  queue: ['core', 'messages', 'config', 'telemetry', 'redis'],
  ledger: ['core', 'messages', 'config', 'telemetry', 'redis', 'queue'],
  chain: ['core', 'messages', 'config', 'telemetry', 'redis', 'contracts', 'signing'],
  worker: ['core', 'messages', 'telemetry'],
  reconciliation: ['core', 'messages'],
  api: ['core', 'messages', 'telemetry'],
};

/** npm packages that only some places may know. */
const PACKAGES = {
  undici: ['libs/chain/'],
  ws: ['libs/chain/'],
  'https-proxy-agent': ['libs/chain/'],
  ioredis: ['libs/redis/', 'libs/queue/', 'libs/ledger/'],
  '@ethereumjs/rlp': ['libs/signing/'],
  ethers: ['libs/chain/', 'libs/contracts/', 'libs/signing/', 'libs/messages/src/validation/evm-address'],
  '@nestjs/terminus': ['libs/api/'],
  'prom-client': ['libs/telemetry/'],
};

const SPEC = String.raw`\.spec\.ts$`;
const npm = (/** @type {string} */ name) => `(^|/)node_modules/${name}/`;
const anyOf = (/** @type {readonly string[]} */ parts) => `^(${parts.join('|')})`;

const directions = Object.entries(LIBRARIES).map(([library, allowed]) => ({
  name: `${library}-enters-only-its-own-libraries`,
  comment: `${library} may import ${allowed.join(', ') || 'no library'}.`,
  severity: 'error',
  from: { path: `^libs/${library}/` },
  to: { path: '^(libs|apps)/', pathNot: anyOf([library, ...allowed].map((name) => `libs/${name}/`)) },
}));

const packages = Object.entries(PACKAGES).map(([name, places]) => ({
  name: `${name.replace('@nestjs/', '')}-stays-in-its-place`,
  comment: `${name} is known to ${places.join(', ')} only.`,
  severity: 'error',
  from: { path: '^(libs|apps)/', pathNot: [anyOf(places), SPEC] },
  to: { path: npm(name) },
}));

export default {
  forbidden: [
    ...directions,
    ...packages,
    {
      name: 'core-imports-nothing',
      comment: 'The domain is pure TypeScript: no npm package and no Node module.',
      severity: 'error',
      from: { path: '^libs/core/', pathNot: SPEC },
      to: { pathNot: '^libs/core/' },
    },
    {
      name: 'messages-imports-little',
      comment: 'messages knows core, class-validator, class-transformer and the address check of ethers.',
      severity: 'error',
      from: { path: '^libs/messages/', pathNot: SPEC },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: ['class-validator', 'class-transformer', 'reflect-metadata', 'ethers'].map(npm),
      },
    },
    {
      name: 'libraries-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'others-enter-libraries-by-their-index',
      comment: "The console's types are the API's own DTOs.",
      severity: 'error',
      from: { pathNot: ['^libs/', '^apps/console/api-types\\.d\\.ts$'] },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'production-code-imports-no-test',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: SPEC },
      to: { path: ['^(test|scripts)/', SPEC] },
    },
    {
      name: 'production-code-uses-no-development-package',
      comment: 'Types are gone at run time and may come from anywhere.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev', 'npm-optional'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
