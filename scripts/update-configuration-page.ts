// Writes the table of the environment into docs/configuration.md, and that of the networks into docs/networks.md.
import { readFile, writeFile } from 'node:fs/promises';
import { environmentTable, networksTable } from '#config';

await update('docs/configuration.md', 'environment', environmentTable());
await update('docs/networks.md', 'networks', networksTable());

/** Replaces what stands between the page's two comments with that name. */
async function update(path: string, name: string, table: string): Promise<void> {
  const section = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- /${name} -->)`, 's');
  const page = await readFile(path, 'utf8');
  await writeFile(
    path,
    page.replace(section, () => `${table}\n`),
  );
}
