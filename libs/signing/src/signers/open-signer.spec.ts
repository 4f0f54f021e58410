import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptKeystoreJsonSync, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartupError } from '#core';
import { loadPackage } from './load-package.js';
import { openSigner } from './open-signer.js';

const PRIVATE_KEY = `0x${'5a'.repeat(32)}`;
const { address: ADDRESS } = new Wallet(PRIVATE_KEY);

const isObject = (loaded: unknown): loaded is object => typeof loaded === 'object';

describe('openSigner', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signers-'));
    const scrypt = { N: 1024, r: 8, p: 1 };
    await writeFile(join(folder, 'key'), `${PRIVATE_KEY}\n`);
    await writeFile(join(folder, 'no-key'), 'a1b2c3-secret\n');
    await writeFile(join(folder, 'password'), 'correct horse\n');
    const keystore = encryptKeystoreJsonSync({ address: ADDRESS, privateKey: PRIVATE_KEY }, 'correct horse', {
      scrypt,
    });
    await writeFile(join(folder, 'keystore.json'), keystore);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const keystore = (passwordFile: string): Parameters<typeof openSigner>[0] => {
    const place = { path: join(folder, 'keystore.json'), passwordFile: join(folder, passwordFile) };
    return { kind: 'keystore', name: 'keystore:x', ...place };
  };

  it('reads a key from a file', async () => {
    const signer = await openSigner({ kind: 'file', name: 'file:x', path: join(folder, 'key') }, 1_000);
    expect([signer.address, signer.name]).toEqual([ADDRESS, 'file:x']);
  });

  it('decrypts a keystore of ethers', async () => {
    expect((await openSigner(keystore('password'), 1_000)).address).toBe(ADDRESS);
  });

  it('refuses a wrong password without quoting it', async () => {
    const error: unknown = await openSigner(keystore('no-key'), 1_000).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(StartupError);
    expect(String(error)).toContain('password_file must hold its password');
    expect(String(error)).not.toContain('a1b2c3');
  });

  it.each([
    ['no-key', 'the file must hold a private key'],
    ['missing', 'must name a readable file'],
  ])('refuses the file %s', async (file, sentence) => {
    const opened = openSigner({ kind: 'file', name: 'file:x', path: join(folder, file) }, 1_000);
    await expect(opened).rejects.toThrow(sentence);
    await expect(opened).rejects.not.toThrow('a1b2c3');
  });

  it('names the package that is missing, and how to install it', async () => {
    await expect(loadPackage('@aws-sdk/client-not-there', 'aws-kms', isObject)).rejects.toThrow(
      'aws-kms: needs a package that is not installed: npm install @aws-sdk/client-not-there',
    );
  });
});
