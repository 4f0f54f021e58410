import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

// A code is a noun, a dot and what happened to it, in the `event` property of a logged object.
const EVENT = /\bevent: '([a-z_]+\.[a-z_]+)'/g;

it('docs/logging.md lists exactly the event codes of the sources', async () => {
  const page = await readFile('docs/logging.md', 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z_.]+)` +\|/gm)].map(([, code = '']) => code);

  expect(listed.toSorted()).toEqual((await eventCodes()).toSorted());
});

async function eventCodes(): Promise<string[]> {
  const sources = await Promise.all(['apps', 'libs'].map(sourcesIn));
  const texts = await Promise.all(sources.flat().map((path) => readFile(path, 'utf8')));
  return [...new Set(texts.flatMap((text) => Array.from(text.matchAll(EVENT), ([, code = '']) => code)))];
}

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts')).map((name) => join(folder, name));
}
