import { TestProcess } from '../../test/support/process/test-process.js';
import { until } from '../../test/support/until.js';
import type { Namespace } from './namespace.js';

/** A port of a service of the cluster, on a free port of this machine. */
export class PortForward {
  private constructor(
    private readonly child: TestProcess,
    readonly port: number,
  ) {}

  /** @throws Error with what kubectl says */
  static async open(namespace: Namespace, service: string, port: number): Promise<PortForward> {
    let found = 0;
    const command = namespace.command('kubectl', ['port-forward', `service/${service}`, `:${port}`]);
    const child = new TestProcess(...command, {
      onLine: (line) => {
        found ||= Number(/^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? 0);
      },
    });
    await until('kubectl to forward a port', () => found > 0 || !child.running);
    if (found === 0) throw new Error(`no way to ${service}:\n${child.output}`);
    return new PortForward(child, found);
  }

  async close(): Promise<void> {
    await this.child.stop();
  }
}
