// `npm run docs:chart`: writes the values into the chart's README and the service's variables into its schema; with --check
// it only says whether they are there.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { undocumentedValues, valuesTable } from './chart/values-table.js';
import { withVariables } from './chart/values-schema.js';

const CHART = 'helm/token-deployer';
const SECTION = /(<!-- values -->\n).*?(<!-- \/values -->)/s;

const onlyCheck = process.argv.includes('--check');
const values = await readFile(`${CHART}/values.yaml`, 'utf8');

for (const path of undocumentedValues(values))
  fail(`${CHART}/values.yaml: ${path} has no comment that starts with '# --'`);
await update(`${CHART}/README.md`, (text) =>
  text.replace(SECTION, (_, start, end) => `${start}${valuesTable(values)}\n${end}`),
);
await update(`${CHART}/values.schema.json`, (text) => JSON.stringify(withVariables(JSON.parse(text))));

async function update(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = await format(change(before), { ...(await resolveConfig(path)), filepath: path });
  if (after === before) return;
  if (onlyCheck) fail(`${path} is not up to date: npm run docs:chart`);
  else await writeFile(path, after);
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
