import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const LINK = /\[[^\]]*\]\((?!https?:|#)([^)#]+)[^)]*\)/g;

it('every relative link in the documentation leads somewhere', async () => {
  const pages = [...(await markdownIn('.')), ...(await markdownIn('docs'))];
  const links = await Promise.all(pages.map(linksOf));
  const dead = await Promise.all(links.flat().map(async (path) => ((await exists(path)) ? [] : [path])));

  expect(pages).toContain('README.md');
  expect(links.flat().length).toBeGreaterThan(10);
  expect(dead.flat()).toEqual([]);
});

it('the threat model has a test for everything that it says is prevented', async () => {
  const text = await readFile('docs/threat-model.md', 'utf8');
  const claims = text.split(/\n(?=- |\n)/).filter((block) => block.startsWith('- **Prevented'));
  expect(claims.length).toBeGreaterThan(5);
  expect(claims.filter((claim) => !/\]\(\.\.\/[\w/.-]*spec\.ts\)/.test(claim))).toEqual([]);
});

async function markdownIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: folder !== '.' });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

async function linksOf(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(LINK)].map(([, target = '']) => join(dirname(page), target));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
