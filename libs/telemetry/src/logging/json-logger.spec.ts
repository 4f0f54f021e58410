import { Logger, type LogLevel } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { JsonLogger } from './json-logger.js';
import { RequestContext } from './request-context.js';

const SECRETS = ['redis://:Canary@redis:6379/0', 'Canary', 'ca9a51deadbeef', 'a.b*c(d', 'xyz'];

function logger(level: LogLevel = 'log') {
  const lines: string[] = [];
  const requests = new RequestContext();
  const log = new JsonLogger({ level, secrets: SECRETS }, requests, (line) => lines.push(line));
  return { lines, log, requests, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('JsonLogger', () => {
  afterEach(() => {
    Logger.overrideLogger(undefined as never);
  });

  it('writes one line of JSON with timestamp, level, logger, message and fields', () => {
    const { log, lines, last } = logger();
    log.log({ message: 'token deployed', model_id: 'm-1', gas_used: 95_000n }, 'Worker');
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(last()).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      level: 'info',
      logger: 'Worker',
      message: 'token deployed',
      model_id: 'm-1',
      gas_used: '95000',
    });
  });

  it("serves Nest's Logger", () => {
    const { log, last } = logger();
    Logger.overrideLogger(log);
    new Logger('Sweep').error({ message: 'sweep failed', attempt: 2 });
    expect(last()).toMatchObject({ level: 'error', logger: 'Sweep', message: 'sweep failed', attempt: 2 });
    new Logger('Sweep').warn('plain text');
    expect(last()).toMatchObject({ level: 'warning', logger: 'Sweep', message: 'plain text' });
  });

  it.each([
    ['verbose', ['verbose', 'debug', 'info', 'warning', 'error', 'critical']],
    ['log', ['info', 'warning', 'error', 'critical']],
    ['fatal', ['critical']],
  ] as const)('at level %s writes %j', (level, written) => {
    const { log, lines } = logger(level);
    for (const write of ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] as const) log[write]({ message: 'x' });
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(written);
  });

  it('adds the id of the request, through awaits, and only inside of it', async () => {
    const { log, requests, last } = logger();
    await requests.run('req-1', async () => {
      await Promise.resolve();
      log.log({ message: 'inside' });
    });
    expect(last()).toMatchObject({ message: 'inside', request_id: 'req-1' });
    log.log({ message: 'outside' });
    expect(last()).not.toHaveProperty('request_id');
  });

  it('lets no field pass for the level, the logger, the time or the request', () => {
    const { log, last } = logger();
    log.log({ message: 'm', level: 'critical', timestamp: 'never', logger: 'Other', request_id: 'forged' }, 'Mine');
    expect(last()).toEqual({
      timestamp: expect.not.stringMatching('never') as string,
      level: 'info',
      logger: 'Mine',
      message: 'm',
    });
  });

  it('shows an error by name, message and cause; its stack only when debugging', () => {
    const error = new TypeError('broken', { cause: new Error('root') });
    const quiet = logger('log');
    quiet.log.error({ message: 'failed', error });
    expect(quiet.last()['error']).toEqual({
      name: 'TypeError',
      message: 'broken',
      cause: { name: 'Error', message: 'root' },
    });
    quiet.log.error(error, error.stack, 'Exceptions');
    expect(quiet.last()).toMatchObject({ message: 'broken', logger: 'Exceptions', error: { name: 'TypeError' } });
    expect(quiet.lines.join('')).not.toContain('json-logger.spec');
    const talkative = logger('debug');
    talkative.log.error({ message: 'failed', error });
    expect(talkative.last()['error']).toMatchObject({ stack: expect.stringContaining('json-logger.spec') as string });
  });

  it('survives cycles, depth, huge texts and lists, odd values and throwing getters', () => {
    const { log, lines, last } = logger();
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle['self'] = cycle;
    let deep: unknown = 'bottom';
    for (let level = 0; level < 20; level++) deep = { deep };
    log.log({
      message: 'odd',
      cycle,
      deep,
      text: 'x'.repeat(100_000),
      list: Array.from({ length: 100_000 }, () => 0),
      bytes: new Uint8Array(3),
      nan: Number.NaN,
      set: new Set([1n]),
      map: new Map([['k', 1]]),
      when: new Date(0),
    });
    expect(last()).toMatchObject({
      cycle: { name: 'cycle', self: '[circular]' },
      text: expect.stringMatching(/^x{2048}… \(100000 characters\)$/) as string,
      bytes: '[3 bytes]',
      nan: 'NaN',
      set: ['1'],
      map: [['k', 1]],
      when: '1970-01-01T00:00:00.000Z',
    });
    expect(lines[0]).toContain('[too deep]');
    expect(lines[0]?.length).toBeLessThan(8_000);
    log.log({
      get message(): string {
        throw new Error('Canary');
      },
    });
    expect(last()).toMatchObject({ message: 'a log event could not be written' });
  });

  it('writes one line for any content', () => {
    const { log, lines, last } = logger();
    const text = 'a\nb\r\u2028c\u2029d\u0085e\u001b[31m\u007f\u202eexe.gnp\u200b\u2066\ufeff';
    log.log({ message: 'm', text });
    expect(lines[0]).toMatch(/^[\u0020-\u007e]+\n$/);
    expect(last()['text']).toBe(text);
  });

  it('redacts secrets in every place of a line', () => {
    const { log, lines } = logger('debug');
    const error = Object.assign(new Error('to redis://:Canary@redis:6379/0'), { code: 'Canary' });
    log.error(
      {
        message: 'with Canary',
        Canary: 1,
        nested: [{ deep: 'xxCA9A51DEADBEEFxx' }],
        error,
        special: 'a.b*c(d',
        cut: `${'x'.repeat(2045)}Canary`,
        json: { toJSON: () => 'Canary' },
        buffer: Buffer.from('Canary'),
      },
      'stack Canary',
      'Canary',
    );
    log.error(error);
    log.log('Canary');
    log.log(['Canary']);
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toMatch(/canary|ca9a51|a\.b\*c|xCan/i);
    expect(lines[0]).toContain('with [redacted]');
  });

  it('redacts the credentials of any URL, and leaves short secrets and other text alone', () => {
    const { log, last } = logger();
    log.log({ message: 'm', url: 'cannot reach https://user:hunter2@rpc.example/x', short: 'xyz', mail: 'a@b.c' });
    expect(last()).toMatchObject({
      url: 'cannot reach https://[redacted]@rpc.example/x',
      short: 'xyz',
      mail: 'a@b.c',
    });
  });
});
