import { PollingLoop, sleep } from './polling-loop.js';

/**
 * Watches content that another program replaces, such as a file. Reads it again and again, so that no way to replace it is
 * missed, the swapped links of a Kubernetes volume included. A change counts when two reads in a row agree.
 */
export class ContentWatcher {
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private latest: string | null = null;
  private reported: string | null = null;

  /**
   * @param read null when there is no content; must not throw
   * @param report gets the first content, then every changed one; must not throw after the first
   */
  constructor(
    private readonly read: () => Promise<string | null>,
    private readonly report: (content: string | null) => void,
    private readonly intervalMs: number,
  ) {}

  /** Resolves after the first report. */
  async start(): Promise<void> {
    this.latest = await this.read();
    this.reported = this.latest;
    this.report(this.latest);
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await sleep(this.intervalMs, signal);
    const content = await this.read();
    if (content === this.latest && content !== this.reported) {
      this.reported = content;
      this.report(content);
    }
    this.latest = content;
  }
}
