// Writes the table of the environment into README.md, as the configuration's classes define it.
import { readFile, writeFile } from 'node:fs/promises';
import { environmentTable } from '#config';

const SECTION = /(?<=<!-- environment -->\n).*?(?=\n<!-- \/environment -->)/s;

const readme = await readFile('README.md', 'utf8');
await writeFile(
  'README.md',
  readme.replace(SECTION, () => environmentTable()),
);
