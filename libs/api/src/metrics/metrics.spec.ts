import request from 'supertest';
import { afterEach, expect, it, vi } from 'vitest';
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
  await Promise.all(Array.from({ length: 100 }, async () => await request(url).get('/metrics').expect(200)));
  expect(built).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  await request(url).get('/metrics').expect(200);
  expect(built).toHaveBeenCalledTimes(2);
});
