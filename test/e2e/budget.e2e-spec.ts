import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { metric } from '../support/telemetry/read-metric.js';
import type { ServiceProcess } from '../support/process/service-process.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const MESSAGES = 50;
const BUDGET = 20;

interface Health {
  readonly holds: readonly { readonly reason: string; readonly detail: string }[];
}

async function budgetHold(replica: ServiceProcess): Promise<Health['holds'][number] | undefined> {
  const { body } = await replica.request('GET', '/health');
  return (body as Health).holds.find(({ reason }) => reason === 'budget_spent');
}

describe('a budget', () => {
  const token = randomBytes(24).toString('base64url');
  let folder: string;
  let stack: TestStack;
  let replicas: readonly ServiceProcess[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'budget-'));
    const digest = createHash('sha256').update(token).digest('hex');
    await writeFile(join(folder, 'tokens'), `keeper policy never ${digest}\n`);
    stack = await TestStack.start({ env: { TOKENS_PER_HOUR: '1000', OPS_API_TOKEN_LIST: join(folder, 'tokens') } });
    replicas = [stack.service, await stack.createReplica()];
    for (const replica of replicas) await replica.start();
  });
  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  const putPolicy = async (body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${stack.service.url}/policy`, { method: 'PUT', headers, body: JSON.stringify(body) });
    return response.status;
  };
  it('of 20 tokens deploys 20 of 50, is a hold on every replica, and lets the rest pass when it is raised', async () => {
    expect(await putPolicy({ version: 0, tokens_per_hour: BUDGET })).toBe(200);
    const models = Array.from({ length: MESSAGES }, () => `model-${randomUUID()}`);
    await stack.queue.push(...models.map((model_id) => platformMessage({ model_id }, { max_retries: 0 })));
    for (const replica of replicas) {
      const hold = await until('the hold', async () => {
        const found = await budgetHold(replica);
        return found?.detail.includes(`${BUDGET} tokens are spent and 0 tokens reserved`) === true && found;
      });
      expect(hold.detail).toMatch(/the rest is enough for 0 tokens, ends at 20\d\d-/);
    }
    expect(await stack.queue.events()).toHaveLength(BUDGET);
    expect(await metric(stack.service, 'spend_tokens_left')).toBe(0);

    expect(await putPolicy({ version: 0, tokens_per_hour: 100 })).toBe(409);
    expect(await putPolicy({ version: 1, tokens_per_hour: 1_001 })).toBe(400);
    expect(await putPolicy({ version: 1, tokens_per_hour: 100 })).toBe(200);
    await stack.queue.drained({ timeoutMs: 60_000 });
    for (const model of models) expect(await stack.tokens.find(model)).toMatchObject({ deployments: 1 });
    expect((await stack.queue.messageCounts()).dead).toBe(0);
    expect(await metric(stack.service, 'messages_retried_total')).toBe(0);
    for (const replica of replicas) await until('no hold', async () => (await budgetHold(replica)) === undefined);
  });
});
