import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProcess } from './test-process.js';
import { freePort } from '../network/free-port.js';
import { until } from '../until.js';

/** Where a server listens and keeps its files. */
export interface ServerLocation {
  readonly port: number;
  readonly folder: string;
}

/** A free port, and a new folder whose name begins with the server's. */
export async function createServerLocation(name: string): Promise<ServerLocation> {
  return { port: await freePort(), folder: await mkdtemp(join(tmpdir(), `${name}-`)) };
}

/** A server in a process of its own, on a port of its own; its folder goes when it stops. */
export abstract class LocalServer {
  readonly port: number;
  /** Where its files are. */
  readonly folder: string;
  private child: TestProcess;

  /** @param launch starts the process, each time in the same place, with further arguments if need be */
  protected constructor(
    private readonly name: string,
    place: ServerLocation,
    private readonly launch: (place: ServerLocation, args: readonly string[]) => TestProcess,
  ) {
    ({ port: this.port, folder: this.folder } = place);
    this.child = launch(place, []);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.signal(signal);
  }

  /** Ends the process and leaves its files: `restart` brings it back on the same port. */
  async stopProcess(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.child.stop(signal);
  }

  /** @param args for this start only, after the others */
  async restart(args: readonly string[] = []): Promise<void> {
    if (this.child.running) await this.stopProcess();
    this.child = this.launch(this, args);
    await this.waitUntilReady();
  }

  async stop(): Promise<void> {
    await this.child.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Returns when it answers. @throws Error with its output when it ended instead */
  protected async waitUntilReady(): Promise<void> {
    await until(`${this.name} on port ${this.port}\n${this.child.output}`, async () => {
      if (!this.child.running) throw new Error(`${this.name} ended: ${this.child.output}`);
      return await this.probe();
    });
  }

  /** Something true when it serves; may throw. */
  protected abstract probe(): Promise<unknown>;
}
