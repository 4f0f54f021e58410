import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { environmentTable } from '#config';

// `npm run docs` writes it.
it("README.md lists the environment as the configuration's classes define it", async () => {
  const readme = await readFile('README.md', 'utf8');
  const section = /<!-- environment -->\n(.*?)\n<!-- \/environment -->/s.exec(readme)?.[1];

  expect(section).toBe(environmentTable());
});
