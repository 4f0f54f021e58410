import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTokenList } from '#api';
import { ApiContract } from '../support/http/api-contract.js';
import { documentedCommands } from '../support/http/documented-commands.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const DEAD = 8;
const POLICY_TOKEN = 'a-token-of-scope-policy-for-one-test';
/** What curl, which stays as it is in the examples, writes behind every answer. */
const TRAILER = String.raw`\n@@%{json}\n`;
const commands = documentedCommands('docs/operations.md');

interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** What a command of the page needs, by the names that the page gives it. */
type Variables = Record<string, string>;

describe('the commands of docs/operations.md', () => {
  const contract = new ApiContract();
  const asked = new Set<string>();
  const variables: Variables = { MODEL: 'shown', POLICY_TOKEN };
  let stack: TestStack;
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'ops-documentation-'));
    await writeFile(join(home, '.curlrc'), `silent\nshow-error\nwrite-out = "${TRAILER}"\n`);
    const digest = createHash('sha256').update(POLICY_TOKEN).digest('hex');
    await writeFile(join(home, 'tokens'), `keeper policy never ${digest}\n`);
    stack = await TestStack.start({ env: { OPS_API_TOKEN_LIST: join(home, 'tokens') } });
    await stack.service.start();
    const broken = Array.from({ length: DEAD }, (_, n) =>
      platformMessage({ model_id: `broken-${n}`, contributor_address: 'unknown' }),
    );
    await stack.queue.push(platformMessage({ model_id: 'shown' }), ...broken);
    await until('the token', async () => (await stack.queue.events()).length === 1);
  });

  afterAll(async () => {
    await stack.stop();
    await rm(home, { recursive: true });
  });

  const run = async (script: string): Promise<readonly Answer[]> => {
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      SERVICE: stack.service.url,
      TOKEN: stack.opsToken,
      ...variables,
    };
    const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', script], { env, maxBuffer: 8 << 20 });
    return stdout
      .split(/^@@/m)
      .slice(1)
      .map((_, index) => answerIn(stdout, index));
  };

  const oldestEntry = async (): Promise<string> => {
    const { body } = await stack.service.request('GET', '/dlq?limit=1');
    return (body as { items: { id: string }[] }).items[0]?.id ?? '';
  };

  it('are many, and each says what it gets', () => {
    expect(commands.length).toBeGreaterThan(15);
    for (const { script, statuses } of commands) expect(statuses).toHaveLength(script.split('curl ').length - 1);
  });

  it.each(commands)('$script', async ({ script, statuses }) => {
    // What was replayed is as broken as before and comes back.
    await until('the dead letters', async () => (await stack.queue.messageCounts()).dead >= DEAD - 1);
    variables['ENTRY'] = await oldestEntry();
    const answers = await run(script);
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    for (const { method, path, body, ...answer } of answers) {
      const operation = contract.operationOf(method, path);
      if (operation === null) continue;
      asked.add(operation);
      const headers = { location: '', 'www-authenticate': '', 'retry-after': '' };
      expect(contract.violations(operation, { ...answer, headers, body })).toEqual([]);
      remember(body, variables);
    }
  });

  it('make tokens, and show a list of them, that the service reads', async () => {
    const page = await readFile('docs/operations.md', 'utf8');
    const indented = (language: string): string =>
      new RegExp(`^ {2}\`\`\`${language}\\n(.*?)^ {2}\`\`\``, 'ms').exec(page)?.[1] ?? '';
    const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', indented('sh')]);
    expect(parseTokenList(stdout)).toMatchObject([{ id: 'alice', scope: 'operate' }]);
    expect(parseTokenList(indented('')).map(({ id }) => id)).toEqual(['alice', 'grafana', 'oncall@team']);
  });

  it('ask every operation of the API', () => {
    expect([...asked].toSorted()).toEqual([...new Set(contract.answers.map(({ operation }) => operation))].toSorted());
  });
});

function answerIn(stdout: string, index: number): Answer {
  const parts = stdout.split(/^@@(.*)\n/m);
  const facts = JSON.parse(parts[2 * index + 1] ?? '') as Record<
    'method' | 'url_effective' | 'content_type',
    string
  > & {
    http_code: number;
  };
  const text = (parts[2 * index] ?? '').replace(/\n$/, '');
  return {
    method: facts.method,
    path: new URL(facts.url_effective).pathname,
    status: facts.http_code,
    contentType: facts.content_type,
    body: /json/.test(facts.content_type) ? JSON.parse(text) : text,
  };
}

/** Ids in answers that later commands need. */
function remember(body: unknown, variables: Variables): void {
  const { id, state, audit_id: auditId } = body as Partial<Record<'id' | 'state' | 'audit_id', string>>;
  if (state === 'running' && id !== undefined) variables['REPLAY'] = id;
  if (auditId !== undefined) variables['AUDIT'] = auditId;
  const account = (body as { items?: readonly { account?: string }[] }).items?.[0]?.account;
  if (account !== undefined) variables['ACCOUNT'] = account;
}
