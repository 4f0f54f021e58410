import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestProcess } from '../support/process/test-process.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { asInitProcess, onlyChildOf } from '../support/process/pid-namespace.js';
import { PRODUCTION_ENTRY } from '../support/process/service-process.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const SHUTDOWN_TIMEOUT_MS = 20_000;

/** Runs before the service: says when the handler of SIGTERM is added, and may send the signal then. */
function preload(signals: boolean): string {
  const send = signals ? "setImmediate(() => process.kill(process.pid, 'SIGTERM'))" : '';
  const code = `const say = (what) => console.log(what + ' after ' + Math.round(performance.now()) + ' ms');
    process.on('newListener', (event) => { if (event === 'SIGTERM') { say('handler'); ${send} } });
    process.on('exit', () => say('end'));`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

function startWithoutSettings(signals: boolean): TestProcess {
  const args = [`--import=${preload(signals)}`, ...PRODUCTION_ENTRY];
  return new TestProcess(process.execPath, args, { env: { NODE_ENV: 'production' } });
}

describe('SIGTERM', () => {
  let stack: TestStack;
  /** All that were asked for, each by a message that has no attempt to burn. */
  const models: string[] = [];

  beforeAll(async () => {
    stack = await TestStack.start({
      redisArgs: ['--appendonly', 'yes', '--appendfsync', 'always'],
      anvilArgs: ['--block-time', '1'],
      env: {
        BATCH_SIZE: '2',
        LEASE_DURATION: '2',
        LANE_LEASE: '2',
        POLL_INTERVAL: '0.2',
        RPC_TIMEOUT: '3',
        REDIS_COMMAND_TIMEOUT: '2',
        REDIS_CONNECT_TIMEOUT: '1',
        SHUTDOWN_TIMEOUT: String(SHUTDOWN_TIMEOUT_MS / 1000),
      },
    });
  });

  afterAll(() => stack.stop());

  afterEach(async () => {
    await stack.service.stop('SIGKILL');
    await stack.rpcProxy.setMode('forward');
  });

  /** What the end before left undone, and some more; returns with the first new token. */
  const underLoad = async (): Promise<void> => {
    await stack.service.start();
    const more = Array.from({ length: 6 }, (_, n) => `model-${models.length + n}`);
    models.push(...more);
    await stack.queue.push(...more.map((model_id) => platformMessage({ model_id }, { max_retries: 0 })));
    await until('the first event', async () =>
      (await stack.queue.events()).some((event) => more.includes(event.model_id)),
    );
  };

  /** How the process ends, and whether it does in time. */
  const ending = async (signal: () => void): Promise<{ code: number | null; inTime: boolean }> => {
    const began = Date.now();
    signal();
    const code = await stack.service.exit();
    const tookMs = Date.now() - began;
    process.stdout.write(`${expect.getState().currentTestName}: ${tookMs} ms\n`);
    return { code, inTime: tookMs < SHUTDOWN_TIMEOUT_MS };
  };
  const term = (): void => stack.service.signal('SIGTERM');

  const alive = async (): Promise<boolean> => (await stack.service.request('GET', '/health/live')).status === 200;

  it('before anything is made ends the process with 0', async () => {
    const early = './dist/apps/token-deployer/src/bootstrap/early-signals.js';
    const working = "setInterval(() => undefined, 1000); process.kill(process.pid, 'SIGTERM')";
    const child = new TestProcess(process.execPath, ['--import', early, '--eval', working]);
    expect(await child.exit).toBe(0);
  });

  it('early in a start ends the process with 0: the handler is there before the packages are loaded', async () => {
    expect(await startWithoutSettings(true).exit).toBe(0);

    // Without settings, the start ends as soon as everything is loaded.
    const loading = startWithoutSettings(false);
    expect(await loading.exit).toBe(1);
    const [, handlerMs, loadedMs] = /handler after (\d+) ms[^]*end after (\d+) ms/.exec(loading.output) ?? [];
    expect(Number(handlerMs)).toBeLessThan(Number(loadedMs) / 5);
  });

  it('during a boot that waits for Redis ends the process with 0', async () => {
    await stack.redis.stopProcess();
    stack.service.launch();
    await until('an answer', alive);
    expect(await ending(term)).toEqual({ code: 0, inTime: true });
    await stack.redis.restart();
  });

  it('during a boot that waits for the node ends the process with 0, however patient it is', async () => {
    await stack.rpcProxy.setMode('hang');
    stack.service.launch({ RPC_TIMEOUT: String((2 * SHUTDOWN_TIMEOUT_MS) / 1000) });
    await until('the first question to the node', async () =>
      JSON.stringify((await stack.service.request('GET', '/health')).body).includes('the chain has not been checked'),
    );
    expect(await ending(term)).toEqual({ code: 0, inTime: true });
  });

  it('under load makes the service unready at once, leaves it alive, and ends it with 0', async () => {
    await underLoad();
    const seen: number[][] = [];
    const end = ending(term);
    await until('the end', async () => {
      const probes = ['/health/ready', '/health/live'].map((path) => stack.service.request('GET', path));
      const [ready, live] = await Promise.allSettled(probes);
      if (ready?.status !== 'fulfilled' || live?.status !== 'fulfilled') return true;
      seen.push([ready.value.status, live.value.status]);
      return false;
    });
    expect(await end).toEqual({ code: 0, inTime: true });
    // The very first probe may have overtaken the signal.
    for (const statuses of seen.slice(1)) expect(statuses).toEqual([503, 200]);
  });

  it('under load, while the node does not answer, ends the process with 0', async () => {
    await underLoad();
    await stack.rpcProxy.setMode('hang');
    expect(await ending(term)).toEqual({ code: 0, inTime: true });
  });

  it('under load, while Redis is away, ends the process with 0', async () => {
    await underLoad();
    await stack.redis.stopProcess('SIGKILL');
    expect(await ending(term)).toEqual({ code: 0, inTime: true });
    await stack.redis.restart();
  });

  it('that comes again ends a process that is still at it', async () => {
    await underLoad();
    await stack.redis.stopProcess('SIGKILL');
    const end = ending(term);
    await until('unreadiness', async () => (await stack.service.request('GET', '/health/ready')).status === 503);
    term();
    expect(await end).toMatchObject({ code: 1 });
    await stack.redis.restart();
  });

  it('ends process 1 of a container with 0, after it has made good all of that: nothing lost, nothing twice', async () => {
    const within = asInitProcess();
    if (within.length === 0) process.stdout.write('no namespaces here: the process is not number 1\n');
    stack.service.launch({}, within);
    await stack.queue.drained({ timeoutMs: 60_000 });
    for (const model of models) expect(await stack.tokens.find(model)).toMatchObject({ deployments: 1 });
    expect((await stack.queue.messageCounts()).dead).toBe(0);
    const shell = stack.service.pid ?? 0;
    const pid = within.length === 0 ? shell : await until('the process', () => onlyChildOf(shell));
    expect(await ending(() => process.kill(pid, 'SIGTERM'))).toEqual({ code: 0, inTime: true });
  });
});
