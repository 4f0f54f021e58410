import { readFile } from 'node:fs/promises';
import { baseImage } from './base-image.js';
import type { Buildah } from './buildah.js';

const TAG = 'localhost/token-deployer';

/** What a release is built with. */
const VERSION = '1.2.3';
const REVISION = '0123456789abcdef0123456789abcdef01234567';

/** An image that was built, and its file system on this machine. */
export interface Image {
  /** Folder that holds its files. */
  readonly tree: string;
  /** `uid:gid` */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** What the build was told, and what package.json says, by the name of the label that has to say it. */
  readonly expectedLabels: Readonly<Record<string, string>>;
  readonly builtOnOfficialBase: boolean;
}

/** Builds the Dockerfile of the working folder. */
export async function buildImage(buildah: Buildah): Promise<Image> {
  const base = await baseImage(buildah, await defaultBase());
  const told = { NODE_IMAGE: base.name, VERSION, REVISION };
  const args = Object.entries(told).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  await buildah.call('build', '--quiet', '--isolation', 'chroot', ...args, '--tag', TAG, '.');
  const inspected: unknown = JSON.parse(await buildah.call('inspect', '--type', 'image', TAG));
  const config = record(record(record(inspected)['OCIv1'])['config']);
  const container = await buildah.call('from', '--pull-never', TAG);
  return {
    tree: await buildah.call('mount', container),
    user: String(config['User']),
    entrypoint: strings(config['Entrypoint']),
    command: strings(config['Cmd']),
    env: Object.fromEntries(strings(config['Env']).map((line) => pair(line))),
    labels: Object.fromEntries(Object.entries(record(config['Labels'])).map(([name, value]) => [name, String(value)])),
    expectedLabels: await expectedLabels(base.name),
    builtOnOfficialBase: base.official,
  };
}

async function expectedLabels(base: string): Promise<Record<string, string>> {
  const manifest = record(JSON.parse(await readFile('package.json', 'utf8')));
  const prefix = 'org.opencontainers.image.';
  return {
    [`${prefix}title`]: String(manifest['name']),
    [`${prefix}description`]: String(manifest['description']),
    [`${prefix}licenses`]: String(manifest['license']),
    [`${prefix}version`]: VERSION,
    [`${prefix}revision`]: REVISION,
    [`${prefix}base.name`]: base,
  };
}

async function defaultBase(): Promise<string> {
  const name = /^ARG NODE_IMAGE=(\S+)$/m.exec(await readFile('Dockerfile', 'utf8'))?.[1];
  if (name !== undefined) return name;
  throw new Error('the Dockerfile gives no default for NODE_IMAGE');
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
