// Writes the schemas of messages, dead letters and events from their classes. A test compares them.
import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { schemaFiles } from './schemas/schema-files.js';

for (const [path, text] of schemaFiles()) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
