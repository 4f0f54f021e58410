import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Of util-linux: the kernel ends the child with its parent, also when that one is killed -9. */
const SETPRIV = '/usr/bin/setpriv';
const TIED_TO_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];

/** Those that this process takes along when it ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A child process that ends with this one, except after kill -9. */
export class TestProcess {
  private readonly process: ChildProcess;
  private readonly lastLines: string[] = [];
  private readonly exitCode: Promise<number | null>;

  constructor(
    command: string,
    args: readonly string[],
    options: {
      readonly env?: NodeJS.ProcessEnv;
      readonly cwd?: string;
      readonly onLine?: (line: string) => void;
      /** Whether `tell` is to reach it. */
      readonly channel?: boolean;
    } = {},
  ) {
    const [program = command, ...programArgs] = [...TIED_TO_PARENT, command, ...args];
    this.process = spawn(program, programArgs, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.channel === true ? (['ipc'] as const) : [])],
    });
    children.add(this.process);
    for (const stream of [this.process.stdout, this.process.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          this.lastLines.push(line);
          if (this.lastLines.length > 200) this.lastLines.shift();
          options.onLine?.(line);
        }
      });
    }
    this.exitCode = new Promise((resolve) => {
      this.process.once('error', (error) => {
        this.lastLines.push(error.message);
        resolve(null);
      });
      this.process.once('close', (code) => {
        children.delete(this.process);
        resolve(code);
      });
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get running(): boolean {
    return this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** The last lines of its output. */
  get output(): string {
    return this.lastLines.join('\n');
  }

  /** Exit code; null when a signal ended it. */
  get exit(): Promise<number | null> {
    return this.exitCode;
  }

  /** Gives a message to a Node process with a channel, unless it is dead. */
  send(message: string): void {
    if (this.process.connected) this.process.send(message, () => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Sends the signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) this.process.kill(signal);
    return await this.exitCode;
  }
}
