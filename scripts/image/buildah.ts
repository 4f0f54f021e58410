import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../checks/command.js';

/** Buildah with a storage of its own, which goes when it closes. Needs root, and neither a daemon nor a kernel module. */
export class Buildah {
  private constructor(readonly folder: string) {}

  /** @throws Error with a human-readable reason when images cannot be built here */
  static async open(): Promise<Buildah> {
    if (process.getuid?.() !== 0) throw new Error('the image check needs root: it mounts, and changes its root folder');
    await run('buildah', ['--version']).catch(() => {
      throw new Error('the image check needs buildah: apt-get install buildah');
    });
    return new Buildah(await mkdtemp(join(tmpdir(), 'image-check-')));
  }

  /** @returns what the command printed, without the last line break */
  async call(...args: readonly string[]): Promise<string> {
    const storage = ['--storage-driver', 'vfs', '--root', join(this.folder, 'root')];
    const { stdout } = await run('buildah', [...storage, '--runroot', join(this.folder, 'run'), ...args]);
    return stdout.trim();
  }

  async close(): Promise<void> {
    await this.call('umount', '--all').catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}
