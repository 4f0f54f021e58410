import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../checks/command.js';
import type { Rendering } from './expectations/rendering.js';
import { at, kubernetesObject, type KubernetesObject, merged } from './kubernetes-object.js';
import type { ChartTools } from './tools.js';

export const FOLDER = 'helm/token-deployer';

/** The chart, as helm sees it. */
export class Chart {
  constructor(
    private readonly tools: ChartTools,
    private readonly release = 'release',
  ) {}

  /** @throws Error with what helm found */
  async lint(values: string): Promise<void> {
    await run(this.tools.helm, ['lint', '--strict', '--quiet', FOLDER, '--values', values]);
  }

  /**
   * @param sets further values, each an argument of `--set-json`
   * @throws Error with what helm says
   */
  async render(values: string, ...sets: readonly string[]): Promise<readonly KubernetesObject[]> {
    const further = sets.flatMap((set) => ['--set-json', set]);
    const { stdout } = await run(this.tools.helm, ['template', this.release, FOLDER, '--values', values, ...further]);
    return this.tools
      .parseAll(stdout)
      .filter((document) => document !== null)
      .map((document) => kubernetesObject(document));
  }

  /** @throws Error with what helm says */
  async rendering(values: string): Promise<Rendering> {
    return {
      objects: await this.render(values),
      values: merged(await this.values(), await this.read(values)),
      appVersion: String(at(await this.read(join(FOLDER, 'Chart.yaml')), 'appVersion')),
      alerts: await this.read(join(FOLDER, 'files', 'alerts.yaml')),
      dashboard: await readFile(join(FOLDER, 'files', 'dashboard.json'), 'utf8'),
    };
  }

  /** The chart's own. */
  async values(): Promise<unknown> {
    return await this.read(join(FOLDER, 'values.yaml'));
  }

  /** What an installation prints. */
  async notes(values: string): Promise<string> {
    const args = ['install', this.release, FOLDER, '--dry-run=client', '--values', values];
    const { stdout } = await run(this.tools.helm, args);
    return stdout.slice(stdout.indexOf('\nNOTES:'));
  }

  private async read(path: string): Promise<unknown> {
    return this.tools.parseAll(await readFile(path, 'utf8'))[0];
  }
}
