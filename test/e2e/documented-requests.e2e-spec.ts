import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack } from '../support/process/test-stack.js';

const page = await readFile('docs/api.md', 'utf8');
const documented = [...page.matchAll(/^\| `([A-Z]+) (\/\S+)`/gm)].map(([, method = '', path = '']) => ({
  method,
  path,
}));

describe('the requests that docs/api.md lists', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
    await stack.service.start();
  });

  afterAll(() => stack.stop());

  it('are some', () => {
    expect(documented.length).toBeGreaterThan(10);
  });

  // A known path answers a method that it does not have with those that it has (RFC 9110, section 15.5.6).
  it.each(documented)('are served: $method $path', async ({ method, path }) => {
    const answer = await fetch(stack.service.url + path.replace(/:\w+/, 'some'), {
      method: 'PATCH',
      headers: { authorization: `Bearer ${stack.opsToken}` },
    });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')?.split(', ')).toContain(method);
  });
});
