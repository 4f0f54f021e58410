// Compiles the contracts into libs/contracts/artifacts. With --check: compares instead, and exits 1 on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactTexts } from './contracts/artifacts.js';
import { compile } from './contracts/compiler.js';
import { readSources } from './contracts/sources.js';

const FOLDER = 'libs/contracts/artifacts';
const check = process.argv.includes('--check');

const texts = artifactTexts(compile(readSources('libs/contracts/solidity')));
const changed = [...texts].filter(([name, text]) => committed(name) !== text);
for (const [name, text] of changed) {
  if (check) console.error(`${join(FOLDER, name)} is not what the sources compile to: run npm run contracts:build`);
  else writeFileSync(join(FOLDER, name), text);
}
if (check && changed.length > 0) process.exitCode = 1;
if (!check) console.log(changed.length === 0 ? 'nothing changed' : `wrote ${changed.map(([name]) => name).join(', ')}`);

function committed(name: string): string | null {
  try {
    return readFileSync(join(FOLDER, name), 'utf8');
  } catch {
    return null;
  }
}
