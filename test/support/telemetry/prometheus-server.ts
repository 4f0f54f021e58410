import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServerLocation, LocalServer, type ServerLocation } from '../process/local-server.js';
import { TestProcess } from '../process/test-process.js';
import { until } from '../until.js';

interface PrometheusAnswer {
  readonly data: {
    readonly alerts: readonly {
      readonly state: 'pending' | 'firing';
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  };
}

/** A real Prometheus that scrapes one service each second and evaluates alert rules. */
export class PrometheusServer extends LocalServer {
  /** @param target host and port of the service */
  static async start(target: string, rules: string): Promise<PrometheusServer> {
    const server = new PrometheusServer('prometheus', await createServerLocation('prometheus'), (place) =>
      spawnPrometheus(place, target, rules),
    );
    await server.waitUntilReady();
    return server;
  }

  /** Waits until the alert fires. Returns its annotations. */
  async waitUntilFiring(alert: string, timeoutMs = 60_000): Promise<Readonly<Record<string, string>>> {
    const found = await until(`${alert} to fire`, async () => (await this.firing()).find(isNamed(alert)), {
      timeoutMs,
    });
    return found.annotations;
  }

  async waitUntilResolved(alert: string, timeoutMs = 90_000): Promise<void> {
    await until(`${alert} to be resolved`, async () => !(await this.firing()).some(isNamed(alert)), { timeoutMs });
  }

  async firing(): Promise<PrometheusAnswer['data']['alerts']> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/alerts`);
    const { data } = (await response.json()) as PrometheusAnswer;
    return data.alerts.filter(({ state }) => state === 'firing');
  }

  protected override async probe(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.port}/-/ready`)).ok;
  }
}

function isNamed(alert: string) {
  return ({ labels }: PrometheusAnswer['data']['alerts'][number]): boolean => labels['alertname'] === alert;
}

function spawnPrometheus({ port, folder }: ServerLocation, target: string, rules: string): TestProcess {
  const config = join(folder, 'prometheus.json');
  writeFileSync(join(folder, 'rules.yaml'), rules);
  writeFileSync(
    config,
    // JSON is YAML.
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        {
          job_name: 'token-deployer',
          static_configs: [{ targets: [target], labels: { namespace: 'hokusai' } }],
        },
      ],
    }),
  );
  return new TestProcess(process.env['PROMETHEUS'] ?? 'prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]);
}
