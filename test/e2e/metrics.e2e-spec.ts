import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promtool } from '../../scripts/monitoring/promtool.js';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { RpcCallCounter } from '../support/rpc/rpc-call-counter.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { PrometheusSamples } from '../support/telemetry/prometheus-samples.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const READ_TOKEN = 'read-canary-0123456789';
const QUEUE = 'hokusai:model_ready_queue';
const CONNECTIONS = ['blocking', 'commands', 'http'];
const MODELS = ['model-1', 'model-2', 'model-3'];

/** Metrics of the service by kind, the names in the order of the design. */
const LISTED = (
  'messages_received_total messages_processed_total messages_retried_total messages_dead_lettered_total ' +
  'messages_recovered_total message_processing_duration_seconds message_age_seconds messages_in_flight consumer_state ' +
  'consumer_held queue_messages queue_oldest_message_age_seconds deployment_stage_duration_seconds deployment_batch_size ' +
  'transactions_total transaction_replacements_total transaction_gas_used token_gas_used transaction_fee_ether ' +
  'reorgs_total account_balance_ether account_nonce lane_slots lane_oldest_slot_age_seconds chain_head_block_number ' +
  'chain_head_timestamp_seconds rpc_requests_total rpc_request_duration_seconds rpc_endpoint_up redis_up ' +
  'redis_reconnects_total redis_command_duration_seconds events_published_total dlq_operations_total ' +
  'http_request_duration_seconds http_auth_failures_total build_info'
).split(' ');

describe('the metrics of a service, after a day of which everything is known', () => {
  let stack: TestStack;
  let rpc: RpcCallCounter;
  let before: number;
  let after: number;
  let samples: PrometheusSamples;
  let lostBefore: Readonly<Record<string, number>>;

  beforeAll(async () => {
    stack = await TestStack.start({
      env: {
        OPS_API_READ_TOKEN: READ_TOKEN,
        LEASE_DURATION: '1',
        LANE_LEASE: '2',
        PROCESSING_TIMEOUT: '1',
        POLL_INTERVAL: '0.2',
        NODE_ENV: 'test',
      },
    });
    rpc = await RpcCallCounter.start(stack.node.url);
    await stack.service.start({ WEB3_PROVIDER_URL: rpc.url });
    before = await transactions();
    await deploy();
    await failAndRetry();
    await recover();
    await operate();
    after = await transactions();
    await loseConnections();
    samples = await scrape();
  });

  afterAll(async () => {
    await stack.stop();
    await rpc.stop();
  });

  const scrape = async (): Promise<PrometheusSamples> =>
    new PrometheusSamples(await (await fetch(`${stack.service.url}/metrics`)).text());
  const transactions = async (): Promise<number> =>
    Number(await stack.node.request('eth_getTransactionCount', [ANVIL_ACCOUNTS[0].address, 'latest']));
  const drained = async (dead: number): Promise<void> => {
    await until('the queue to drain', async () => {
      return (await stack.queue.isDrained()) && (await stack.queue.messageCounts()).dead === dead;
    });
  };

  /** Three tokens, and two messages more for two of them. */
  async function deploy(): Promise<void> {
    await stack.queue.push(...MODELS.map((model_id) => platformMessage({ model_id })));
    await drained(0);
    await stack.queue.push(...MODELS.slice(1).map((model_id) => platformMessage({ model_id, model_version: '4' })));
    await drained(0);
  }

  /** Two messages that no attempt can help, and one whose job cannot be read, which fails twice. */
  async function failAndRetry(): Promise<void> {
    await stack.queue.push('no JSON', platformMessage({ model_id: 'model-6', contributor_address: 'unknown' }));
    await drained(2);
    const [known = ''] = await stack.queue.redis.keys('*:job:model-1');
    await stack.queue.redis.hset(known.replace('model-1', 'model-7'), 'state', 'garbage');
    await stack.queue.push(platformMessage({ model_id: 'model-7' }, { max_retries: 1 }));
    await drained(3);
  }

  /** One message that a foreign consumer left in processing, and one whose consumer died. */
  async function recover(): Promise<void> {
    await stack.queue.redis.lpush(`${QUEUE}:processing`, platformMessage({ model_id: 'model-4' }));
    await until('the orphan', () => stack.tokens.find('model-4'));
    await drained(3);
    stack.service.signal('SIGSTOP');
    const mortal = await stack.createReplica();
    mortal.launch({ FAILPOINT: 'claimed' });
    await stack.queue.push(platformMessage({ model_id: 'model-5' }));
    await mortal.exit();
    stack.service.signal('SIGCONT');
    await until('the survivor', () => stack.tokens.find('model-5'));
    await drained(3);
  }

  /** Replays an entry that fails again and one that is gone, discards, restores, and sends requests without access. */
  async function operate(): Promise<void> {
    const [first, second] = await stack.queue.deadLetters();
    await stack.service.request('POST', '/dlq/replay', { ids: [first?.id, 'no-such-entry'] });
    await drained(3);
    const { body } = await stack.service.request('DELETE', `/dlq/${second?.id}?note=test`);
    await stack.service.request('POST', `/audit/${(body as { audit_id: string }).audit_id}/restore`);
    const ask = async (path: string, method: string, token?: string): Promise<void> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      await fetch(stack.service.url + path, { method, headers });
    };
    await ask('/queues', 'GET');
    await ask('/queues', 'GET', 'wrong-token-000000');
    await ask('/queue/pause', 'POST', READ_TOKEN);
    await ask('/queues', 'GET', READ_TOKEN);
  }

  /** Once, each of them; the one that waits for messages may have been given up before, while the process stood still. */
  async function loseConnections(): Promise<void> {
    lostBefore = group((await scrape()).counted)['redis_reconnects_total'] ?? {};
    await stack.queue.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('the losses', async () => {
      const lost = group((await scrape()).counted)['redis_reconnects_total'] ?? {};
      return CONNECTIONS.every((name) => (lost[name] ?? 0) > (lostBefore[name] ?? 0));
    });
    await until('fresh gauges', async () => {
      const now = await scrape();
      return now.of('queue_messages')[0]?.value === 0 && now.of('account_nonce').every(({ value }) => value === after);
    });
  }

  /** Requests by method; a batch of one call goes without its brackets. */
  const asked = (): ReadonlyMap<string, number> => {
    const single = rpc.counts.get('eth_getTransactionReceipt') ?? 0;
    const others = [...rpc.counts].filter(([method]) => method !== 'eth_getTransactionReceipt');
    return new Map([...others, ['batch', single + (rpc.counts.get('batch') ?? 0)]]);
  };

  it('count what happened, and nothing else', () => {
    const { rpc_requests_total: _, ...counted } = group(samples.counted);
    expect(counted).toEqual({
      messages_received_total: { '': 12 },
      messages_processed_total: { deployed: 5, duplicate: 2, retried: 1, dead_lettered: 4 },
      messages_retried_total: { internal_error: 1 },
      messages_dead_lettered_total: { invalid_json: 2, invalid_address: 1, internal_error: 1 },
      messages_recovered_total: { expired: 1, orphaned: 1 },
      events_published_total: { '': 5 },
      transactions_total: { 'deploy,succeeded': after - before },
      redis_reconnects_total: Object.fromEntries(CONNECTIONS.map((name) => [name, (lostBefore[name] ?? 0) + 1])),
      dlq_operations_total: { 'replay,replayed': 1, 'replay,gone': 1, 'discard,discarded': 1, 'restore,restored': 1 },
      http_auth_failures_total: { '': 3 },
    });
    expect(after - before).toBeGreaterThan(2);
  });

  it('measure as often as they count', () => {
    expect(samples.observed('message_processing_duration_seconds')).toEqual(
      group(samples.counted)['messages_processed_total'],
    );
    expect(samples.observed('token_gas_used')).toEqual({ '': 5 });
    for (const histogram of ['transaction_gas_used', 'transaction_fee_ether']) {
      expect(samples.observed(histogram)).toEqual({ deploy: after - before });
    }
    expect(samples.of('deployment_batch_size_sum')[0]?.value).toBe(5);
    expect(samples.observed('http_request_duration_seconds')).toMatchObject({
      'POST /dlq/replay 200': 1,
      'DELETE /dlq/:id 200': 1,
      'POST /audit/:id/restore 200': 1,
      'GET /queues 200': 1,
      'GET /queues 401': 2,
      'POST /queue/pause 403': 1,
    });
  });

  it('count the requests that the node answers', async () => {
    // The head is asked for all the time: every method has moments without a request under way, all at once may have none.
    const agreed = new Set<string>();
    await until('a moment without a request under way, for every method', async () => {
      const counted = new Map<string, number>();
      for (const { labels, value } of (await scrape()).of('rpc_requests_total')) {
        const method = labels['method'] ?? '';
        counted.set(method, (counted.get(method) ?? 0) + value);
      }
      for (const [method, count] of asked()) if (counted.get(method) === count) agreed.add(method);
      return [...asked()].every(([method]) => agreed.has(method));
    });
    expect(rpc.counts.get('eth_sendRawTransaction')).toBe(after - before);
  });

  it('show what there is', () => {
    const depths = samples.of('queue_messages').map(({ labels, value }) => [labels['queue'], value]);
    expect(Object.fromEntries(depths)).toEqual({ main_queue: 0, processing: 0, delayed: 0, dead_letter: 3 });
    expect(samples.of('account_nonce').map(({ value }) => value)).toEqual([after, after, after]);
    expect(samples.of('consumer_state').filter(({ value }) => value === 1)).toMatchObject([
      { labels: { state: 'ready' } },
    ]);
    expect(samples.of('messages_in_flight')[0]?.value).toBe(0);
  });

  it('are those of the design, under its names, and few', () => {
    expect(samples.names).toEqual(expect.arrayContaining(LISTED));
    expect(samples.all.length).toBeLessThan(1_000);
  });

  it('say in no label what only one message, transaction or client has', () => {
    const ours = ANVIL_ACCOUNTS[0].address;
    const values = new Set(samples.all.flatMap(({ labels }) => Object.values(labels)));
    const telling = [...values].filter((value) => /0x|:\/\/|canary|model-/.test(value));
    expect(telling.filter((value) => value !== ours)).toEqual([]);
  });

  it('are clean for promtool, where there is one', () => {
    expect(checked(samples.text)).toMatchObject({ passed: true });
  });
});

/** Label values and counts by metric. */
function group(counted: Readonly<Record<string, number>>): Record<string, Record<string, number>> {
  const groups: Record<string, Record<string, number>> = {};
  for (const [key, value] of Object.entries(counted)) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(key) ?? [];
    if (!/^(process|nodejs)_/.test(name)) groups[name] = { ...groups[name], [labels]: value };
  }
  return groups;
}

/** The gate `check:monitoring` brings promtool along; the tests do not. */
function checked(text: string): { readonly passed: boolean } {
  try {
    return promtool(['check', 'metrics'], text);
  } catch {
    return { passed: true };
  }
}
