import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { HOKUSAI_NETWORKS } from '#config';
import { messageSchemas } from '#messages';
import { schemaFiles } from './schema-files.js';

it.each([...schemaFiles()])('%s is what the classes of the messages say', async (path, text) => {
  // Not toBe: a diff of two such files is unreadable.
  expect((await readFile(path, 'utf8')) === text, 'npm run docs:schemas writes it anew').toBe(true);
});

it("the event in Hokusai's form has the networks of its readers", () => {
  const { 'token-deployed-hokusai': schema } = messageSchemas({ maxMessageBytes: 1, minImprovementPercentage: 0 });
  expect(schema?.properties?.['network']?.['enum']).toEqual(HOKUSAI_NETWORKS);
});
