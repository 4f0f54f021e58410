import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** A message in which one value is any JSON text. */
const withField = (field: string, json: string): string => platformMessage({ [field]: '@' }).replace('"@"', () => json);
/** What Redis keys, paths, JSON, terminals and prototypes are made of, and what a model id may be all the same. */
const ODD_IDS = [
  'jobs:done',
  ':',
  '{a}:b',
  '../../etc/passwd',
  'a/b?c#d%2Fe',
  '"},{"level":"fatal',
  '__proto__',
  'constructor',
  '*',
];

const REFUSED: readonly (readonly [what: string, message: string, reason: string])[] = [
  ['lists in lists', nested(120_000), 'invalid_envelope'],
  ['names nested deeply', withField('model_name', nested(100_000)), 'invalid_field'],
  ['an envelope in the prototype', `{"__proto__":${platformMessage()}}`, 'invalid_envelope'],
  [
    'a payload in the prototype',
    platformMessage({}, { payload: '@' }).replace('"@"', '{"__proto__":{"model_id":"a"}}'),
    'invalid_field',
  ],
  ['a metric of zeros and a letter', withField('baseline_value', `"${'0'.repeat(250_000)}x"`), 'invalid_field'],
  ['a metric of nines', withField('current_value', '9'.repeat(250_000)), 'invalid_metric'],
  ['a metric of a quarter million digits', withField('current_value', `"${'9'.repeat(250_000)}"`), 'invalid_metric'],
  ['a metric with an exponent', withField('current_value', '"1e999999999"'), 'invalid_metric'],
  ['a time of digits', withField('timestamp', `"${'1'.repeat(250_000)}"`), 'invalid_field'],
  ['a list for a name', withField('model_name', `[${'0,'.repeat(100_000)}0]`), 'invalid_field'],
  ['half a surrogate pair', withField('model_id', String.raw`"\ud800"`), 'invalid_field'],
  ['line ends in the id', withField('model_id', String.raw`"a\r\n{\"level\":\"fatal\"}"`), 'invalid_field'],
  ['a terminal sequence in the id', withField('model_id', String.raw`"\u001b[2Ja"`), 'invalid_field'],
  ['a change of direction in the id', withField('model_id', String.raw`"\u202egnp.exe"`), 'invalid_field'],
  ['a line separator in the symbol', withField('token_symbol', String.raw`"A\u2028B"`), 'invalid_field'],
  ['NUL in the metric', withField('metric_name', String.raw`"a\u0000b"`), 'invalid_field'],
  [
    'a terminal sequence for a type',
    platformMessage({}, { message_type: '\u001b]0;a\u0007\r\nb' }),
    'unsupported_type',
  ],
  ['raw NULs', '\0'.repeat(1_000), 'invalid_json'],
  ['a quote without end', `"${'\\'.repeat(200_001)}`, 'invalid_json'],
  ['too much', withField('model_name', `"${'a'.repeat(300_000)}"`), 'too_large'],
];

/** Dead letters as another program may push them. */
const FOREIGN = [
  '{"__proto__":{"id":"a","reason":"poison"},"constructor":{"prototype":{"polluted":true}}}',
  `{"original_message":${nested(100_000)}}`,
  `{"id":"../../health","error":"\\u001b[2J\\r\\n","reason":"\\u2028","failed_at":"${'9'.repeat(100_000)}"}`,
  '{"id":"ok-1","original_message_base64":"////"}',
  nested(100_000),
  '{"id":{"toString":null},"attempts":1e400,"replay_count":-1,"model_id":["__proto__"]}',
];

describe('messages that mean ill', () => {
  const log: string[] = [];
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ env: { LOG_LEVEL: 'DEBUG' }, onServiceLine: (line) => log.push(line) });
    await stack.service.start();
    for (const entry of FOREIGN) await stack.queue.pushDeadLetter(entry);
    await stack.queue.push(
      ...REFUSED.map(([, message]) => message),
      ...ODD_IDS.map((id) => platformMessage({ model_id: id, model_name: `${id}\r\n\u001b[2J\u2028` })),
      platformMessage({ model_id: 'last', constructor: { prototype: { polluted: true } } }).replace(
        '"token_symbol"',
        '"model_id":"first","__proto__":{"polluted":true},"model_id":"last","token_symbol"',
      ),
    );
    await stack.queue.drained({ timeoutMs: 60_000 });
  });
  afterAll(() => stack?.stop());

  const get = async (path: string): Promise<{ status: number; body: unknown }> =>
    await stack.service.request('GET', path);

  it('are dead letters, each for its reason', async () => {
    const dead = (await stack.queue.deadLetters()).slice(FOREIGN.length);
    expect(dead.map(({ reason }) => reason).toSorted()).toEqual(REFUSED.map(([, , reason]) => reason).toSorted());
    for (const { error } of dead) expect(error).toMatch(/^[\x20-\x7e]{1,400}$/);
  });

  it('end nothing: the service is as it was', async () => {
    expect((await get('/health')).body).toMatchObject({ status: 'healthy', holds: [] });
    expect(stack.service.running).toBe(true);
  });

  it('may have odd model ids, which stay apart', async () => {
    const tokens = await Promise.all([...ODD_IDS, 'last'].map(async (id) => (await stack.tokens.find(id))?.address));
    expect(tokens).not.toContain(undefined);
    expect(new Set(tokens).size).toBe(ODD_IDS.length + 1);
    expect(await stack.tokens.find('first')).toBeNull();
    for (const id of ODD_IDS) {
      expect(await get(`/deployments/${encodeURIComponent(id)}`)).toMatchObject({
        status: 200,
        body: { model_id: id },
      });
    }
  });

  it('are shown regardless of their writer', async () => {
    const { items } = (await get('/dlq?limit=1000')).body as { items: { id: string }[] };
    expect(items).toHaveLength(FOREIGN.length + REFUSED.length);
    for (const { id } of items) {
      expect(id).toMatch(/^[\w.:-]{1,128}$/);
      expect(await get(`/dlq/${id}`)).toMatchObject({ status: 200, body: { id } });
    }
  });

  it('leave every log line a line of plain JSON', () => {
    const plain = /^\{"timestamp":"[^"]+","level":"\w+",[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\}$/u;
    expect(log.filter((line) => !plain.test(line))).toEqual([]);
    for (const line of log) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});
