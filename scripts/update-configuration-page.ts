// Writes the table of the environment into docs/configuration.md, as the configuration's classes define it.
import { readFile, writeFile } from 'node:fs/promises';
import { environmentTable } from '#config';

const SECTION = /(?<=<!-- environment -->\n).*?(?=\n<!-- \/environment -->)/s;

const page = await readFile('docs/configuration.md', 'utf8');
await writeFile(
  'docs/configuration.md',
  page.replace(SECTION, () => environmentTable()),
);
