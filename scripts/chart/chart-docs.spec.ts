import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { withVariables } from './values-schema.js';
import { undocumentedValues, valuesTable } from './values-table.js';

const chart = (file: string): Promise<string> => readFile(`helm/token-deployer/${file}`, 'utf8');

// `npm run docs:chart` brings both up to date.
describe('the documentation of the chart', () => {
  it('is, in its README, the table that the comments of values.yaml make', async () => {
    const section = /<!-- values -->\n(.*?)\n<!-- \/values -->/s.exec(await chart('README.md'))?.[1];

    expect(section).toBe(valuesTable(await chart('values.yaml')));
  });

  it('leaves no value out', async () => {
    expect(undocumentedValues(await chart('values.yaml'))).toEqual([]);
  });

  it('has a schema with exactly the variables that the service reads', async () => {
    const schema: unknown = JSON.parse(await chart('values.schema.json'));

    expect(schema).toEqual(withVariables(schema));
  });
});

describe('valuesTable', () => {
  it('shows path, default and meaning, and a block as a whole', () => {
    const yaml = [
      'a:',
      '  # -- First,',
      '  # and more.',
      '  b: 1',
      '# -- Block.',
      'c:',
      '  d: 2',
      '# -- Text.',
      "e: ''",
    ];

    expect(valuesTable(yaml.join('\n')).split('\n').slice(2)).toEqual([
      '| `a.b` | `1` | First, and more. |',
      '| `c` | see [values.yaml](values.yaml) | Block. |',
      '| `e` | – | Text. |',
    ]);
  });

  it('misses what has no comment', () => {
    expect(undocumentedValues('a:\n  # -- One.\n  b: 1\n  c: 2')).toEqual(['a.c']);
  });
});
