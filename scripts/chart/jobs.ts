import { existsSync } from 'node:fs';
import { at, list } from './kubernetes-object.js';

/** Jobs of the documentation, which run the image beside the chart with the secret of docs/deployment.md. */
export const JOBS: readonly string[] = ['docs/deploy-contracts.yaml', 'docs/ledger-rebuild.yaml'];

/** Name of release and secret there. */
const RELEASE = 'token-deployer';
const COMMANDS = 'apps/cli/src';

export const JOB_EXPECTATIONS: readonly {
  readonly description: string;
  /** @param values those of the chart */
  readonly check: (job: unknown, values: unknown) => boolean;
}[] = [
  {
    description: 'runs a command that the image has',
    check: (job) => {
      const [node, file] = list(at(container(job), 'command')).map(String);
      return (
        node === 'node' &&
        file !== undefined &&
        existsSync(file.replace(`dist/${COMMANDS}`, COMMANDS).replace('.js', '.ts'))
      );
    },
  },
  {
    description: 'reads each secret from the key that the chart reads it from',
    check: (job, values) => {
      const [folder, files] = [at(container(job), 'volumeMounts', 0, 'mountPath'), secretFiles(job)];
      const secret = at(pod(job), 'volumes', 0, 'secret', 'secretName');
      return (
        secret === RELEASE &&
        files.length >= 2 &&
        files.every(({ name, path }) => path === `${String(folder)}/${String(at(values, 'secrets', 'keys', name))}`)
      );
    },
  },
  {
    description: 'reads the configuration of the release, if any',
    check: (job) => list(at(container(job), 'envFrom')).every((it) => at(it, 'configMapRef', 'name') === RELEASE),
  },
  {
    description: 'is tried once, and what it did can be read for a while',
    check: (job) =>
      at(job, 'spec', 'backoffLimit') === 0 &&
      at(pod(job), 'restartPolicy') === 'Never' &&
      Number(at(job, 'spec', 'ttlSecondsAfterFinished')) > 0,
  },
];

/** The pod that a job makes. */
export function pod(job: unknown): unknown {
  return at(job, 'spec', 'template', 'spec');
}

function container(job: unknown): unknown {
  return at(pod(job), 'containers', 0);
}

/** Variables that name files, without the `_FILE`. */
function secretFiles(job: unknown): readonly { readonly name: string; readonly path: unknown }[] {
  return list(at(container(job), 'env'))
    .map((variable) => ({ name: String(at(variable, 'name')), path: at(variable, 'value') }))
    .filter(({ name }) => name.endsWith('_FILE'))
    .map(({ name, path }) => ({ name: name.replace(/_FILE$/, ''), path }));
}
