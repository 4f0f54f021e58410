import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exposedSecretFiles } from './exposed-secret-files.js';

describe('exposedSecretFiles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (mode: number, content = `0x${'11'.repeat(32)}`): string => {
    const path = join(folder, `${mode}-${content.length}`);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };

  it.each([
    [0o600, []],
    [0o400, []],
    [0o640, ['0640']],
    [0o440, ['0440']],
    [0o644, ['0644']],
    [0o604, ['0604']],
  ])('finds a file of mode %o that this user owns', (mode, modes) => {
    const found = exposedSecretFiles({ DEPLOYER_PRIVATE_KEY_FILE: write(mode) });
    expect(found).toEqual(modes.map((text) => ({ variable: 'DEPLOYER_PRIVATE_KEY_FILE', mode: text })));
  });

  it.runIf(process.getuid?.() === 0)('accepts a file of another user that the group may read', () => {
    const path = write(0o440);
    chownSync(path, 12_345, process.getgid?.() ?? 0);
    expect(exposedSecretFiles({ DEPLOYER_PRIVATE_KEY_FILE: path })).toEqual([]);
    chmodSync(path, 0o444);
    expect(exposedSecretFiles({ DEPLOYER_PRIVATE_KEY_FILE: path })).toHaveLength(1);
  });

  it('accepts public content, and no file at all', () => {
    const file = write(0o644, `${rootCertificates[0]}\n`);
    expect(exposedSecretFiles({ REDIS_TLS_CA_FILE: file, DEPLOYER_PRIVATE_KEY: 'x' })).toEqual([]);
  });
});
