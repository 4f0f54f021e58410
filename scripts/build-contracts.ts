// Compiles the contracts and writes their artifacts. With --check: compares instead, and exits 1 on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactTexts, creationTexts } from './contracts/artifacts.js';
import { compile } from './contracts/compiler.js';
import { readSources } from './contracts/sources.js';

/** The service's own contracts, and those that its tests put in the place of Hokusai's. */
const TARGETS = [
  { sources: 'libs/contracts/solidity', folder: 'libs/contracts/artifacts', textsOf: artifactTexts },
  { sources: 'test/support/contracts', folder: 'test/support/contracts/artifacts', textsOf: creationTexts },
];
const check = process.argv.includes('--check');

for (const { sources, folder, textsOf } of TARGETS) {
  const texts = textsOf(compile(readSources(sources)));
  const changed = [...texts].map(([name, text]) => ({ path: join(folder, name), text })).filter(isNew);
  for (const { path, text } of changed) {
    if (check) console.error(`${path} is not what the sources compile to: run npm run contracts:build`);
    else writeFileSync(path, text);
  }
  if (check && changed.length > 0) process.exitCode = 1;
  if (!check) console.log(changed.length === 0 ? `${folder}: nothing changed` : `wrote ${pathsOf(changed)}`);
}

function isNew({ path, text }: { readonly path: string; readonly text: string }): boolean {
  try {
    return readFileSync(path, 'utf8') !== text;
  } catch {
    return true;
  }
}

function pathsOf(files: readonly { readonly path: string }[]): string {
  return files.map(({ path }) => path).join(', ');
}
