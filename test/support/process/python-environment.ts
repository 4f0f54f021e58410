import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CLIENT = resolve('clients/python');
const REQUIREMENTS = 'clients/python/requirements-test.txt';
const CACHE = resolve('node_modules/.cache');

/** A Python with packages that pip installs once. */
export interface PythonEnvironment {
  readonly program: string;
  /** Of its processes: finds the producer's package. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param requirements file with the packages. Default: those of the Python producer
 * @throws Error when there is no Python, or pip cannot install
 */
export async function pythonEnvironment(requirements = REQUIREMENTS): Promise<PythonEnvironment> {
  const python = process.env['PYTHON'] ?? 'python3';
  const { stdout: version } = await run(python, ['-c', 'import sys; print(sys.version)']).catch(needed);
  const digest = createHash('sha256')
    .update(version)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = resolve(CACHE, `python-${digest}`);
  const program = resolve(folder, 'bin', 'python');
  const exists = await access(program).then(
    () => true,
    () => false,
  );
  if (!exists) await install(python, folder, requirements);
  return { program, env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: CLIENT, PYTHONDONTWRITEBYTECODE: '1' } };
}

/** Only a whole environment gets the name of the folder. */
async function install(python: string, folder: string, requirements: string): Promise<void> {
  const scratch = `${folder}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  try {
    await run(python, ['-m', 'venv', scratch]).catch(needed);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    await run(resolve(scratch, 'bin', 'python'), pip);
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function needed(error: unknown): never {
  throw new Error(
    'Python 3.10 or newer with its module venv is needed: install it as `python3`, or name its program in PYTHON.',
    { cause: error },
  );
}
