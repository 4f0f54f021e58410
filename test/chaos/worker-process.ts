import { TestProcess } from '../support/process/test-process.js';
import type { FaultyTcpProxy } from '../support/network/faulty-tcp-proxy.js';

const PROGRAM = 'dist/test/chaos/worker/main.js';

/** A worker in a process of its own that can be killed, frozen and started again, any number of times. */
export class WorkerProcess {
  /** Errors that the worker printed and exits that no injected fault explains. */
  readonly violations: string[] = [];
  private starts = 0;
  private child: TestProcess | null = null;

  constructor(
    private readonly number: number,
    private readonly life: { readonly seed: number; readonly replayUntil: number },
    readonly proxy: FaultyTcpProxy,
  ) {}

  get running(): boolean {
    return this.child?.running === true;
  }

  start(): void {
    if (this.running) return;
    this.starts += 1;
    const name = `worker-${this.number}.${this.starts}`;
    const child = new TestProcess(process.execPath, ['--enable-source-maps', PROGRAM], {
      env: {
        ...process.env,
        CHAOS_WORKER: name,
        CHAOS_SEED: String(this.life.seed),
        CHAOS_REPLAY_UNTIL: String(this.life.replayUntil),
        CHAOS_REDIS_URL: this.proxy.url,
      },
      onLine: (line) => this.violations.push(`${name}: ${line}`),
    });
    this.child = child;
    void child.exit.then((code) => {
      if (code !== null && code !== 0) this.violations.push(`${name} ended by itself with exit code ${code}`);
    });
  }

  freeze(): void {
    this.child?.signal('SIGSTOP');
  }

  thaw(): void {
    this.child?.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.child?.stop('SIGKILL');
  }

  /** As Kubernetes stops it: SIGKILL comes when SIGTERM has not ended it. */
  async stop(): Promise<void> {
    const giveUp = setTimeout(() => {
      this.violations.push(`worker ${this.number} did not stop within 30 s`);
      this.child?.signal('SIGKILL');
    }, 30_000);
    this.thaw();
    await this.child?.stop('SIGTERM');
    clearTimeout(giveUp);
  }
}
