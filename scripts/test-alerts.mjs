// `npm run test:alerts`: finds Prometheus, and fires each alert by its real fault.
import { installDependencies } from './bootstrap/dependencies.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { requireAnvil, requireCurl, requirePrometheus, requireRedisServer } from './bootstrap/programs.mjs';
import { runProject } from './bootstrap/run-project.mjs';

await runProject('alerts', [
  requireNode,
  installDependencies,
  requireRedisServer,
  requireCurl,
  requirePrometheus,
  requireAnvil,
]);
