import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const WORLD_WRITABLE = 0o022;
const ROOT_USER = 0;
const SERVICE_USER = /^dist\/(apps|libs|schemas)\/.+\.(js|js\.map|lua|json|html|css|svg)$/;

/** Files and folders below `folder` that a user other than root could change. */
export async function writablePaths(tree: string, folder: string): Promise<string[]> {
  const paths = [folder, ...(await readdir(join(tree, folder), { recursive: true })).map((name) => join(folder, name))];
  const found: string[] = [];
  for (const path of paths) {
    const stats = await lstat(join(tree, path));
    const writable = !stats.isSymbolicLink() && (stats.mode & WORLD_WRITABLE) !== 0;
    if (writable || stats.uid !== ROOT_USER) found.push(path);
  }
  return found;
}

/** Bytes of all files below `folder`. */
export async function sizeOf(tree: string, folder: string): Promise<number> {
  const names = await readdir(join(tree, folder), { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await lstat(join(tree, folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Package managers anywhere on the image's PATH, and the folder that Node's own would be in. */
export async function packageManagers(tree: string): Promise<string[]> {
  const names = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg', 'pnpm'];
  const folders = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const present = await Promise.all([...paths, 'usr/local/lib/node_modules'].map((path) => existing(join(tree, path))));
  return present.flat().map((path) => relative(tree, path));
}

/** Packages in /app/node_modules that package-lock.json has for development only, or optional, or does not have. */
export async function unneededPackages(tree: string): Promise<string[]> {
  const lock: unknown = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const packages: unknown = isRecord(lock) ? lock['packages'] : undefined;
  if (!isRecord(packages)) throw new Error('package-lock.json is not a lock file of npm 7 or newer');
  const installed = await packagesIn(join(tree, 'app'));
  return installed.filter((path) => {
    const entry = packages[path];
    return !isRecord(entry) || ['dev', 'optional', 'devOptional'].some((mark) => entry[mark] === true);
  });
}

/** Every package in /app/node_modules, as `name@version`. */
export async function packagesOf(tree: string): Promise<string[]> {
  const paths = await packagesIn(join(tree, 'app'));
  const names = paths.map(async (path) => {
    const manifest: unknown = JSON.parse(await readFile(join(tree, 'app', path, 'package.json'), 'utf8'));
    return isRecord(manifest) ? `${String(manifest['name'])}@${String(manifest['version'])}` : path;
  });
  return [...new Set(await Promise.all(names))];
}

/** Files of /app that are neither packages nor what the service is made of; tests and their sources are such. */
export async function unexpectedFiles(tree: string): Promise<string[]> {
  const app = join(tree, 'app');
  const top = (await readdir(app)).filter(
    (name) => !['LICENSE', 'dist', 'node_modules', 'package.json'].includes(name),
  );
  const entries = await readdir(join(app, 'dist'), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(app, join(entry.parentPath, entry.name)));
  return [...top, ...files.filter((file) => !SERVICE_USER.test(file) || file.includes('.spec.'))];
}

async function packagesIn(app: string): Promise<string[]> {
  const files = await readdir(join(app, 'node_modules'), { recursive: true });
  const manifests = files.filter((file) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(file));
  return manifests.map((file) => join('node_modules', file, '..'));
}

async function existing(path: string): Promise<string[]> {
  return await lstat(path).then(
    () => [path],
    () => [],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
