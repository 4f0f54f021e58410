import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { environmentTable, networksTable } from '#config';

describe('the documentation of the environment', () => {
  // `npm run docs:configuration` writes it.
  it('is, in docs/configuration.md, the table that the configuration makes', async () => {
    const page = await readFile('docs/configuration.md', 'utf8');
    const section = /<!-- environment -->\n(.*?)\n<!-- \/environment -->/s.exec(page)?.[1];

    expect(section).toBe(environmentTable());
  });

  it('is, in docs/networks.md, the tables of the presets', async () => {
    const page = await readFile('docs/networks.md', 'utf8');
    const section = /<!-- networks -->\n(.*?)\n<!-- \/networks -->/s.exec(page)?.[1];

    expect(section).toBe(networksTable());
  });

  it('names, in .env.example, no variable that does not exist and every one that is required', async () => {
    const rows = [...environmentTable().matchAll(/^\| `(\w+)` \| (.*?) \|/gm)];
    const existing = rows.map(([, name]) => name);
    const required = rows.filter(([, , fallback]) => fallback === '**required**').map(([, name]) => name);
    const example = [...(await readFile('.env.example', 'utf8')).matchAll(/^(\w+?)(?:_FILE)?=/gm)].map(
      ([, name]) => name,
    );

    expect(existing).toEqual(expect.arrayContaining(example));
    expect(example).toEqual(expect.arrayContaining(required));
  });
});
