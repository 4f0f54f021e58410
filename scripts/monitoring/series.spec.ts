import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { metricsAtBoot } from './exported-metrics.js';

const ACCOUNTS = ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8', '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'];
const ERRORS = [400, 401, 404, 409, 503];

/** Two accounts, two endpoints of which the second serves when the first does not, every script, every route and an error. */
it('a replica that has done everything once shows fewer than 1,000 series', async () => {
  const metrics = await metricsAtBoot();
  const methods = await rpcMethods();
  const scripts = await scriptNames();
  const routes = await routeTemplates();
  expect(methods.length).toBeGreaterThan(10);
  expect(scripts.length).toBeGreaterThan(15);
  expect(routes.length).toBeGreaterThan(10);

  for (const [endpoint, asked] of [
    ['rpc-1', methods],
    ['rpc-2', ['batch', 'eth_getBlockByNumber', 'eth_sendRawTransaction']],
  ] as const) {
    metrics.rpcEndpointUp.set({ endpoint }, 1);
    for (const method of asked) {
      metrics.rpcRequestDurationSeconds.observe({ endpoint, method }, 1);
      metrics.rpcRequestsTotal.inc({ endpoint, method, outcome: 'ok' });
      metrics.rpcRequestsTotal.inc({ endpoint, method, outcome: 'timeout' });
    }
  }
  for (const account of ACCOUNTS) {
    metrics.accountBalanceEther.set({ account }, 1);
    metrics.laneOldestSlotAgeSeconds.set({ account }, 1);
    for (const kind of ['latest', 'pending', 'journal']) metrics.accountNonce.set({ account, kind }, 1);
    for (const state of ['unmined', 'mined']) metrics.laneSlots.set({ account, state }, 1);
  }
  for (const connection of ['blocking', 'commands', 'http']) metrics.redisReconnectsTotal.inc({ connection });
  for (const command of scripts) metrics.redisCommandDurationSeconds.observe({ command }, 1);
  for (const route of routes) metrics.httpRequestDurationSeconds.observe({ method: 'GET', route, status_code: 200 }, 1);
  for (const status_code of ERRORS) {
    metrics.httpRequestDurationSeconds.observe({ method: 'GET', route: 'unknown', status_code }, 1);
  }

  const series = (await metrics.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(series.length).toBeLessThan(1_000);
});

async function rpcMethods(): Promise<readonly string[]> {
  return ['batch', ...new Set(await matches('libs/chain/src', /'(eth_\w+)'/g))];
}

async function routeTemplates(): Promise<readonly string[]> {
  const decorators = await matches('libs/api/src', /@((?:Get|Post|Put|Delete)\(.*?\))/g);
  return decorators.map((decorator, index) => `${index} ${decorator}`);
}

/** The parts that scripts are put together from are counted along. */
async function scriptNames(): Promise<readonly string[]> {
  return [...new Set(await matches('libs', /new URL\('[^']*\/([\w-]+)\.lua'/g))];
}

async function matches(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.spec)\.ts$/.test(name));
  const sources = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  return sources.flatMap((source) => [...source.matchAll(pattern)].map(([, match = '']) => match));
}
