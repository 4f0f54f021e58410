import { TestProcess } from './test-process.js';
import { until } from '../until.js';

/** As production starts it. */
export const PRODUCTION_ENTRY: readonly string[] = ['--enable-source-maps', 'dist/apps/token-deployer/src/main.js'];
/** Named by vitest.config.ts, because it starts in a fraction of the time. Benchmarks of the service run without it. */
const BUNDLED_PROGRAM = process.env['SERVICE_PROGRAM']?.split(' ');

/** The compiled service, in a process of its own, by environment alone: as production runs it. */
export class ServiceProcess {
  private child: TestProcess | null = null;

  /**
   * @param env the whole environment of the process; `PORT` and `OPS_API_TOKEN` are used to talk to it
   * @param program what Node is to run
   */
  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly onLine: (line: string) => void = () => undefined,
    private readonly program: readonly string[] = BUNDLED_PROGRAM ?? PRODUCTION_ENTRY,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.env['PORT']}`;
  }

  get running(): boolean {
    return this.child?.running ?? false;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** The last lines that it logged. */
  get output(): string {
    return this.child?.output ?? '';
  }

  /**
   * Starts the process; it may not be ready, or even be dead, when this returns.
   *
   * @param within a command that runs the command behind it, such as `unshare --pid --fork`
   */
  launch(changes: Readonly<Record<string, string>> = {}, within: readonly string[] = []): void {
    if (this.running) throw new Error('the service is running already');
    const [command = process.execPath, ...args] = [...within, process.execPath, ...this.program];
    this.child = new TestProcess(command, args, {
      env: { ...this.env, ...changes },
      onLine: this.onLine,
      channel: this.env['NODE_ENV'] === 'test',
    });
  }

  /** Starts the process and waits until it is ready. */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    this.launch(changes);
    const ready = until(
      'the service to be ready',
      async () => !this.running || (await this.request('GET', '/health/ready')).status === 200,
      { timeoutMs: 60_000 },
    );
    await ready.catch((error: unknown) => {
      throw new Error(`the service is not ready:\n${this.output}`, { cause: error });
    });
    if (!this.running) throw new Error(`the service ended:\n${this.output}`);
  }

  /** For a service in the mode `test`: it ends itself at this place, see the crash switch; `nowhere` takes it back. */
  crashAt(place: string): void {
    this.child?.send(place);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.signal(signal);
  }

  /** Sends the signal and waits for the end; null when the signal ended the process. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    return (await this.child?.stop(signal)) ?? null;
  }

  /** Exit code of the process; null when a signal ended it. */
  async exit(): Promise<number | null> {
    return (await this.child?.exit) ?? null;
  }

  /** One HTTP request, with the operator's token. */
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.env['OPS_API_TOKEN']}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    return { status: response.status, body: isJson(response) ? JSON.parse(text) : text };
  }
}

function isJson(response: Response): boolean {
  return /json/.test(response.headers.get('content-type') ?? '');
}
