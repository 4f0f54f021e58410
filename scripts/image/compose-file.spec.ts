import { access, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { environmentTable } from '#config';
import { predictFactoryAddress } from '#contracts';
import { addressOfKey } from '#signing';
import { ANVIL_ACCOUNTS } from '../../test/support/chain/anvil.js';

const text = await readFile('docker-compose.yml', 'utf8');

describe('docker-compose.yml', () => {
  it('names the factory that the committed contracts become with its account as admin', () => {
    const [key = ''] = valuesOf('DEPLOYER_PRIVATE_KEY');

    expect(key).toBe(ANVIL_ACCOUNTS[0].privateKey);
    expect(valuesOf('FACTORY_ADDRESS')).toEqual([predictFactoryAddress(addressOfKey(key))]);
  });

  it('sets only variables that the service or Grafana knows', () => {
    const known = new Set([...environmentTable().matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
    const named = [...text.matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name);

    expect(named).toContain('REDIS_URL');
    expect(named.filter((name) => !known.has(name) && !name.startsWith('GF_'))).toEqual([]);
  });

  it('mounts, read-only, only what is there', async () => {
    const mounts = [...text.matchAll(/^ +- \.\/([^:]+):[^:]+(:.*)?$/gm)];

    expect(mounts.length).toBeGreaterThan(3);
    for (const [, path = '', mode] of mounts) {
      await access(path);
      expect(mode).toBe(':ro');
    }
  });

  it('names an exact version of every image that it does not build', () => {
    const images = valuesOf('image').filter((image) => image !== 'token-deployer');

    expect(images).toHaveLength(4);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
  });

  it('builds its image once, before everything that runs it without building', () => {
    const services = [...text.matchAll(/^ {2}([\w-]+):\n((?: {4}.*\n|\n)+)/gm)].map(([, name, body = '']) => ({
      name,
      body,
    }));
    const [builder, ...others] = services.filter(({ body }) => body.includes('<<: *image'));

    expect(services.filter(({ body }) => /^ {4}build:/m.test(body))).toEqual([builder]);
    expect(others).toHaveLength(1);
    for (const { body } of others) {
      expect(body).toMatch(/^ {4}pull_policy: never$/m);
      expect(body).toContain(`${builder?.name}: { condition: service_completed_successfully }`);
    }
    expect(valuesOf('build')).toHaveLength(1);
  });

  it('runs the anvil that the tests run', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
      optionalDependencies: Readonly<Record<string, string>>;
    };

    expect(valuesOf('image')).toContain(
      `ghcr.io/foundry-rs/foundry:v${manifest.optionalDependencies['@foundry-rs/anvil-linux-amd64']}`,
    );
  });

  it('publishes its ports on the loopback interface alone', () => {
    const ports = valuesOf('ports');

    expect(ports.length).toBeGreaterThan(3);
    for (const port of ports) expect(port).toMatch(/^\['127\.0\.0\.1:\d+:\d+'\]$/);
  });
});

/** What stands behind a key, wherever it is, without quotes around it. */
function valuesOf(key: string): string[] {
  return [...text.matchAll(new RegExp(`^ +${key}: (.+)$`, 'gm'))].map(([, value = '']) =>
    value.replace(/^'(.*)'$/, '$1'),
  );
}
