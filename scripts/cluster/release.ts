import { join } from 'node:path';
import { ANVIL_ACCOUNTS } from '../../test/support/chain/anvil.js';
import { FOLDER } from '../chart/chart.js';
import { imageReference } from './image-reference.js';
import { SECRET } from './follow-guide.js';
import type { Namespace } from './namespace.js';
import { ANVIL_PORT, REDIS_PORT } from './platform.js';

const MINIMAL = join(FOLDER, 'ci', 'minimal-values.yaml');
const WAIT = ['--wait', '--timeout', '180s'];
/** Name of the release, and of its objects, as docs/deployment.md has it. */
export const RELEASE = 'token-deployer';

/** The chart's release, with what the check has to say to it beyond the least. */
export class Release {
  /** @param config variables of the service @param port of the chart's service, to be forwarded to the same port here */
  constructor(
    private readonly namespace: Namespace,
    private readonly image: string,
    private readonly config: Readonly<Record<string, string>>,
    private readonly port: number,
  ) {}

  /** @returns the notes */
  async install(): Promise<string> {
    const args = ['install', RELEASE, FOLDER, '--values', MINIMAL, '--values', '-', ...WAIT];
    const printed = await this.namespace.helm(args, this.minimal);
    return printed.slice(printed.indexOf('\nNOTES:'));
  }

  /** To a release that uses more of the chart, with other pods. */
  async upgrade(): Promise<void> {
    const args = ['upgrade', RELEASE, FOLDER, '--values', MINIMAL, '--values', '-', ...WAIT];
    await this.namespace.helm(args, {
      ...this.minimal,
      lanes: 2,
      config: { ...this.config, BATCH_SIZE: '20' },
      secrets: { existingSecret: SECRET, keys: { OPS_API_TOKEN: 'ops-api-token' } },
      opsApi: { enabled: true },
      networkPolicy: {
        enabled: true,
        redis: { to: [server('redis')], ports: [REDIS_PORT] },
        rpc: { to: [server('anvil')], ports: [ANVIL_PORT] },
      },
      dashboard: { enabled: true },
    });
  }

  /** To a number of pods, and back to the values of the installation. */
  async scale(replicas: number): Promise<void> {
    const args = ['upgrade', RELEASE, FOLDER, '--values', MINIMAL, '--values', '-', ...WAIT];
    await this.namespace.helm([...args, '--set', `replicas=${replicas}`], this.minimal);
  }

  async rollback(): Promise<void> {
    await this.namespace.helm(['rollback', RELEASE, ...WAIT]);
  }

  /** The chart's own test. @throws Error with its log */
  async test(): Promise<void> {
    await this.namespace.helm(['test', RELEASE, '--logs']);
  }

  async uninstall(name = RELEASE): Promise<void> {
    await this.namespace.helm(['uninstall', name, ...WAIT]);
  }

  /** Another release, of a service that cannot start: its factory is none. Waits for nothing. */
  async installInvalid(name: string): Promise<void> {
    const config = { ...this.config, FACTORY_ADDRESS: ANVIL_ACCOUNTS[0].address };
    const args = ['install', name, FOLDER, '--values', MINIMAL, '--values', '-'];
    await this.namespace.helm(args, { ...this.minimal, config, replicas: 1 });
  }

  private get minimal(): object {
    return { image: imageReference(this.image), config: this.config, service: { port: this.port } };
  }
}

function server(app: string): object {
  return { podSelector: { matchLabels: { app } } };
}
