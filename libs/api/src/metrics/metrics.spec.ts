import request from 'supertest';
import { afterEach, expect, it, vi } from 'vitest';
import { Deferred } from '../../../../test/support/deferred.js';
import { ApiApp } from '../../../../test/support/http/api-app.js';

let ops: ApiApp;
afterEach(async () => {
  vi.useRealTimers();
  await ops.stop();
});

it('builds the scrape once a second, however many clients ask at the same time', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  ops = await new ApiApp().start();
  const url = await ops.url();
  const built = vi.spyOn(ops.metrics.registry, 'metrics');
  await Promise.all(Array.from({ length: 16 }, async () => await request(url).get('/metrics').expect(200)));
  expect(built).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  await request(url).get('/metrics').expect(200);
  expect(built).toHaveBeenCalledTimes(2);
});

it('refuses an address that asks for more than 16 scrapes at a time, and no probe meanwhile', async () => {
  ops = await new ApiApp().start();
  const url = await ops.url();
  const gate = new Deferred();
  vi.spyOn(ops.metrics.registry, 'metrics').mockImplementation(async () => {
    await gate.promise;
    return '';
  });
  const scrapes = Array.from({ length: 17 }, async () => (await request(url).get('/metrics')).status);
  expect(await Promise.race(scrapes)).toBe(429);
  await request(url).get('/health/live').expect(200);
  gate.resolve();
  expect((await Promise.all(scrapes)).filter((status) => status === 200)).toHaveLength(16);
});
