import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checklist } from '../checks/checklist.js';
import type { Buildah } from './buildah.js';

const WANTED = ['package.json', 'apps/a/src/main.ts', 'libs/b/src/index.ts', 'schemas/c.json'];
const UNWANTED = [
  '.env',
  '.env.production',
  '.git/config',
  '.npmrc',
  'apps/a/.env',
  'libs/b/src/index.spec.ts',
  'node_modules/c/package.json',
  'dist/main.js',
  'docs/page.md',
  'secrets/deployer-private-key',
];

/** What of a working tree, secrets lying about in it included, a build gets to see. */
export async function checkContext(list: Checklist, buildah: Buildah): Promise<void> {
  const folder = join(buildah.folder, 'context');
  for (const path of [...WANTED, ...UNWANTED]) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  await cp('.dockerignore', join(folder, '.dockerignore'));
  await writeFile(join(buildah.folder, 'Dockerfile.context'), 'FROM scratch\nCOPY . /\n');
  const file = join(buildah.folder, 'Dockerfile.context');
  await buildah.call('build', '--quiet', '--isolation', 'chroot', '--file', file, '--tag', 'localhost/context', folder);
  const tree = await buildah.call('mount', await buildah.call('from', '--pull-never', 'localhost/context'));
  const entries = await readdir(tree, { recursive: true });
  const seen = [...WANTED, ...UNWANTED].filter((path) => entries.includes(path));
  list.check('a build sees sources, and no secret, test, dependency or history', String(seen) === String(WANTED), seen);
}
