import { randomBytes } from 'node:crypto';
import { run } from '../checks/command.js';
import type { ChartTools } from '../chart/tools.js';

type ClusterTools = Pick<ChartTools, 'helm' | 'kubectl'>;

const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** A namespace of its own in a cluster, under the strictest level of Pod Security, and the tools to work in it. */
export class Namespace {
  private constructor(
    private readonly tools: ClusterTools,
    private readonly context: string,
    readonly name: string,
  ) {}

  /** @throws Error when there is no such context, or its cluster does not answer */
  static async create(tools: ClusterTools, context: string): Promise<Namespace> {
    const namespace = new Namespace(tools, context, `token-deployer-check-${randomBytes(3).toString('hex')}`);
    const metadata = { name: namespace.name, labels: RESTRICTED };
    await namespace.submit({ apiVersion: 'v1', kind: 'Namespace', metadata }, 'create');
    return namespace;
  }

  /** @returns what it printed */
  async kubectl(...args: readonly string[]): Promise<string> {
    return await this.run('kubectl', args);
  }

  /** Gives an object to a command, such as `create`. */
  async submit(object: unknown, ...args: readonly string[]): Promise<string> {
    return await this.run('kubectl', [...args, '--filename', '-'], JSON.stringify(object));
  }

  /** What `kubectl get` finds. */
  async get(...args: readonly string[]): Promise<unknown> {
    const found: unknown = JSON.parse(await this.kubectl('get', ...args, '--output', 'json'));
    return found;
  }

  /** @param values further ones, for `--values -` */
  async helm(args: readonly string[], values: object = {}): Promise<string> {
    return await this.run('helm', args, JSON.stringify(values));
  }

  /** @returns what the tool printed @throws Error with all that it printed, when it did not end with 0 */
  async run(tool: keyof ClusterTools, args: readonly string[], stdin = ''): Promise<string> {
    return (await run(...this.command(tool, args), stdin)).stdout;
  }

  /** Returns program and arguments; the caller starts them. */
  command(tool: keyof ClusterTools, args: readonly string[]): [string, readonly string[]] {
    const context = tool === 'helm' ? '--kube-context' : '--context';
    return [this.tools[tool], [context, this.context, '--namespace', this.name, ...args]];
  }

  /** Describes its pods and the last lines of their logs. */
  async report(): Promise<string> {
    const found = await this.kubectl('get', 'pods', '--output', 'wide');
    const events = await this.kubectl('get', 'events', '--sort-by', '.lastTimestamp');
    const names = (await this.kubectl('get', 'pods', '--output', 'name')).split('\n').filter((name) => name !== '');
    const logs = await Promise.all(
      names.map(async (name) => `${name}\n${await this.kubectl('logs', name, '--tail', '20').catch(String)}`),
    );
    return [found, events, ...logs].join('\n');
  }

  /** With all that is in it. */
  async delete(): Promise<void> {
    await this.kubectl('delete', 'namespace', this.name, '--timeout', '180s');
  }
}
