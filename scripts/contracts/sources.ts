import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Source texts by the name under which Solidity imports them. */
export type Sources = Readonly<Record<string, { readonly content: string }>>;

const IMPORT = /^\s*import\s[^;]*?"([^"]+)"\s*;/gm;

/** Every contract of the folder and all that they import, from node_modules, in a stable order. */
export function readSources(folder: string): Sources {
  const found = new Map<string, string>();
  const roots = readdirSync(folder).filter((name) => name.endsWith('.sol'));
  const open = roots.map((name) => `hokusai/${name}`);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const content = readFileSync(pathOf(folder, name), 'utf8');
    found.set(name, content);
    open.push(...importsOf(name, content));
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, content]) => [name, { content }]));
}

function pathOf(folder: string, name: string): string {
  return name.startsWith('hokusai/') ? join(folder, posix.basename(name)) : join('node_modules', name);
}

function importsOf(importer: string, content: string): string[] {
  return [...content.matchAll(IMPORT)].map(([, name = '']) =>
    name.startsWith('.') ? posix.join(posix.dirname(importer), name) : name,
  );
}
