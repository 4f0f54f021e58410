import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { hmacOf, signedText } from '../support/fixtures/signed-message.fixture.js';
import { type PythonEnvironment, pythonEnvironment } from '../support/process/python-environment.js';
import { TestStack } from '../support/process/test-stack.js';
import { RedisServer } from '../support/redis/redis-server.js';
import { until } from '../support/until.js';

const SECRET = randomBytes(32).toString('base64');

type Environment = Readonly<Record<string, string>>;

describe('the example of the', () => {
  let stack: TestStack;
  let replica: RedisServer;
  let folder: string;
  let python: PythonEnvironment;

  beforeAll(async () => {
    python = await pythonEnvironment();
    folder = await mkdtemp(join(tmpdir(), 'message-keys-'));
    const keys = [{ id: 'example', producer: 'examples', algorithm: 'hmac-sha256', secret: SECRET }];
    await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys }), { mode: 0o600 });
    stack = await TestStack.start({
      env: { MESSAGE_SIGNATURES: 'require', MESSAGE_KEYS_FILE: join(folder, 'keys.json') },
      redisArgs: ['--repl-diskless-sync-delay', '0'],
    });
    await stack.service.start();
    replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(stack.redis.port)]);
    const standby = new Redis(replica.url);
    await until('the replica', async () => (await standby.info('replication')).includes('master_link_status:up'));
    standby.disconnect();
  });

  afterAll(async () => {
    await replica.stop();
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  const producers: Readonly<Record<string, () => readonly [program: string, file: string, env: Environment]>> = {
    TypeScript: () => [process.execPath, 'dist/clients/typescript/example.js', { PATH: process.env['PATH'] ?? '' }],
    Python: () => [python.program, 'clients/python/example.py', python.env],
  };

  async function runExample(name: string, env: Environment): Promise<string> {
    const [program, file, own] = producers[name]?.() ?? ['', '', {}];
    const { stdout } = await promisify(execFile)(program, [file], {
      env: { ...own, REDIS_URL: stack.redis.url, SIGNING_SECRET: SECRET, ...env },
    });
    return stdout;
  }

  async function eventOf(modelId: string) {
    return await until('the event', async () =>
      (await stack.queue.events()).find((event) => event.model_id === modelId),
    );
  }

  it.each(Object.keys(producers))(
    '%s producer pushes a model that gets its token, and not the one that is worse',
    async (name) => {
      const output = await runExample(name, { MODEL_ID: `from-${name}`, REDIS_REPLICAS: '1' });
      expect(output.trimEnd().split('\n')).toEqual([
        'refused: payload: current_value must improve on baseline_value, and improvement_percentage agree with both.',
        `pushed: from-${name}`,
      ]);
      expect(await eventOf(`from-${name}`)).toMatchObject({ event_type: 'token_deployed', token_symbol: 'EXAMPLE' });
      expect((await stack.queue.messageCounts()).dead).toBe(0);
    },
  );

  it.each(Object.keys(producers))(
    '%s producer fails when fewer replicas confirm the message, which stays in the queue',
    async (name) => {
      const pushed = runExample(name, { MODEL_ID: `once-${name}`, REDIS_REPLICAS: '2' });
      await expect(pushed).rejects.toThrow(/NotReplicatedError: Fewer than 2 replicas confirmed the message/);
      expect(await eventOf(`once-${name}`)).toMatchObject({ event_type: 'token_deployed' });
    },
  );

  it('producer that signs with no key, or another one, gets dead letters and no token', async () => {
    const unsigned = platformMessage();
    const forged = signedText(platformMessage(), { key_id: 'example' });
    const deployments = await stack.tokens.deployments();
    await stack.queue.push(unsigned, forged);
    await until('the dead letters', async () => (await stack.queue.messageCounts()).dead === 2);
    const letters = await stack.queue.deadLetters();
    const found = letters.map(({ original_message, reason }) => [original_message, reason]);
    expect(found).toEqual(
      expect.arrayContaining([
        [unsigned, 'unsigned'],
        [forged, 'bad_signature'],
      ]),
    );
    expect(await stack.tokens.deployments()).toBe(deployments);
    await stack.queue.redis.del('hokusai:model_ready_queue:dlq');
  });

  it('producer signs what an operator replays: the signature of a dead letter is verified again', async () => {
    const message = platformMessage({ model_id: 'replayed' });
    const signed = signedText(message, { key_id: 'example', value: hmacOf(message, Buffer.from(SECRET, 'base64')) });
    const unsigned = platformMessage({ model_id: 'replayed-unsigned' });
    for (const original_message of [signed, unsigned])
      await stack.queue.pushDeadLetter(JSON.stringify({ original_message, error: 'Handler returned False' }));
    expect((await stack.service.request('POST', '/dlq/replay', { limit: 2 })).status).toBe(200);
    expect(await eventOf('replayed')).toMatchObject({ event_type: 'token_deployed' });
    const [letter, ...others] = await until('the dead letter', async () => {
      const letters = await stack.queue.deadLetters();
      return letters[0]?.replay_count === 1 && letters;
    });
    expect(letter).toMatchObject({ original_message: unsigned, reason: 'unsigned' });
    expect(others).toEqual([]);
  });
});
