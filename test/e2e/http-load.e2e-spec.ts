import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack } from '../support/process/test-stack.js';

const LOAD_MS = 5_000;
const ROUTES = [
  '/health/ready',
  '/health',
  '/health/live',
  '/metrics',
  '/queues',
  '/lanes',
  '/deployments',
  '/dlq',
  '/audit',
  '/openapi.json',
  '/docs',
  '/console',
  '/console/session',
];

interface Seen {
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

describe('a healthy service under many clients', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.start();
    await stack.service.start();
  });
  afterAll(async () => await stack.stop());

  /** Each client sends its next request when the last is answered. */
  async function load(clients: number, pathOf: (turn: number) => string, endsAt: number): Promise<readonly Seen[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    const seen: Seen[] = [];
    const run = async (client: number): Promise<void> => {
      for (let turn = client; performance.now() < endsAt; turn += 1) seen.push(await ask(agent, pathOf(turn)));
    };
    await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
    agent.destroy();
    return seen;
  }

  async function ask(agent: Agent, path: string): Promise<Seen> {
    const headers = { authorization: `Bearer ${stack.opsToken}` };
    return await new Promise((resolve, reject) => {
      const sent = request(stack.service.url + path, { agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          resolve({ path, status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        });
      });
      // The service may close an idle connection while the request is on its way (RFC 9112, section 9.3.1).
      sent.once('error', (error) => (sent.reusedSocket ? resolve(ask(agent, path)) : reject(error)));
      sent.end();
    });
  }

  it('answers 200 clients on all routes, and none with 503', async () => {
    const seen = await load(200, (turn) => ROUTES[turn % ROUTES.length] ?? '', performance.now() + LOAD_MS);
    expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(ROUTES));
    const refused = seen.filter(({ status }) => status !== 200).map(({ path, status }) => `${path} ${status}`);
    expect(new Set(refused)).toEqual(new Set());
  });

  it('builds a scrape once a second and answers every probe while 300 connections ask for the metrics', async () => {
    const endsAt = performance.now() + LOAD_MS;
    const [scrapes, probes] = await Promise.all([
      load(300, () => '/metrics', endsAt),
      load(1, () => '/health/live', endsAt),
    ]);
    const built = new Set(scrapes.filter(({ status }) => status === 200).map(({ text }) => text));
    expect(built.size).toBeGreaterThan(1);
    // The first of each second builds it. Clients that are answered late ask for another one after the end.
    expect(built.size).toBeLessThanOrEqual(Math.ceil((performance.now() - endsAt + LOAD_MS) / 1_000) + 1);
    expect(scrapes.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
