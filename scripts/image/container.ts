import { readFile } from 'node:fs/promises';
import { TestProcess } from '../../test/support/process/test-process.js';

/** What a container is given from outside. */
export interface ContainerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Folder that the container sees, read-only, at /run/secrets. */
  readonly secrets: string;
  readonly onLine?: (line: string) => void;
}

const KILL_AFTER_MS = 60_000;

// Runs in namespaces of its own, so that no mount outlives the container. As under Kubernetes: the root file system is
// read-only, /tmp is a tmpfs, the environment holds nothing of this machine's, and the command is process 1.
const RUNTIME = `set -e
tree=$1 secrets=$2; shift 2
mount --bind "$tree" "$tree"
mount -t tmpfs tmpfs "$tree/dev"
for device in null zero random urandom; do touch "$tree/dev/$device"; mount --bind "/dev/$device" "$tree/dev/$device"; done
mount -t proc proc "$tree/proc"
mount -t tmpfs -o mode=1777 tmpfs "$tree/tmp"
mount -t tmpfs tmpfs "$tree/run"
mkdir "$tree/run/secrets"
mount --bind -o ro "$secrets" "$tree/run/secrets"
mount -o remount,ro,bind "$tree"
exec env -i "$@"`;

/** The tree of an image, run as a container runtime would, on this machine's network. */
export class Container {
  private readonly child: TestProcess;

  /** @param user `uid:gid` @param command the first word is a path in the image, or found on its PATH */
  constructor(tree: string, user: string, command: readonly string[], options: ContainerOptions) {
    const variables = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
    const chroot = ['/usr/sbin/chroot', `--userspec=${user}`, '--groups=', tree];
    const inside = ['/usr/bin/env', '--chdir=/app', ...command];
    this.child = new TestProcess(
      'unshare',
      [
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'sh',
        '-c',
        RUNTIME,
        'runtime',
        tree,
        options.secrets,
        ...variables,
        ...chroot,
        ...inside,
      ],
      options.onLine ? { onLine: options.onLine } : {},
    );
  }

  get running(): boolean {
    return this.child.running;
  }

  /** The last lines that it printed. */
  get output(): string {
    return this.child.output;
  }

  get exit(): Promise<number | null> {
    return this.child.exit;
  }

  /** This machine's number for process 1 of the container. */
  async firstProcess(): Promise<number> {
    const parent = String(this.child.pid);
    return Number((await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim());
  }

  /** Sends the signal to process 1, as a container runtime does, waits for the end, and kills what does not end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) process.kill(await this.firstProcess(), signal);
    const deadline = setTimeout(() => {
      this.child.signal('SIGKILL');
    }, KILL_AFTER_MS);
    const code = await this.child.exit;
    clearTimeout(deadline);
    return code;
  }
}
