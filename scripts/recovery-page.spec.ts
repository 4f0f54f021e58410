import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DISCREPANCIES } from '#reconciliation';

it('docs/recovery.md explains every discrepancy code', async () => {
  const page = await readFile('docs/recovery.md', 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z][a-z-]+)` +\| (.*?) +\|$/gm)].map(([, code, meaning]) => [code, meaning]);

  expect(rows).toEqual(Object.entries(DISCREPANCIES));
});
