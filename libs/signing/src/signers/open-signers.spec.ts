import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptKeystoreJsonSync, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartupError } from '#core';
import { loadPackage } from './load-package.js';
import { openSigners } from './open-signers.js';

const PRIVATE_KEY = `0x${'5a'.repeat(32)}`;
const { address: ADDRESS } = new Wallet(PRIVATE_KEY);
const OTHER_KEY = `0x${'6b'.repeat(32)}`;
const { address: OTHER_ADDRESS } = new Wallet(OTHER_KEY);

const isObject = (loaded: unknown): loaded is object => typeof loaded === 'object';

describe('openSigners', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signers-'));
    const scrypt = { N: 1024, r: 8, p: 1 };
    await writeFile(join(folder, 'key'), `${PRIVATE_KEY}\n`);
    await writeFile(join(folder, 'keys'), `${OTHER_KEY}, ${PRIVATE_KEY}\n`);
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

  const keystore = (passwordFile: string): Parameters<typeof openSigners>[0] => {
    const place = { path: join(folder, 'keystore.json'), passwordFile: join(folder, passwordFile) };
    return { kind: 'keystore', name: 'keystore:x', ...place };
  };

  it('reads a key from a file', async () => {
    const signers = await openSigners({ kind: 'file', name: 'file:x', path: join(folder, 'key') }, 1_000);
    expect(signers.map(({ address, name }) => [address, name])).toEqual([[ADDRESS, 'file:x']]);
  });

  it('reads several keys from a file', async () => {
    const signers = await openSigners({ kind: 'file', name: 'file:x', path: join(folder, 'keys') }, 1_000);
    expect(signers.map(({ name }) => name)).toEqual(['file:x 1', 'file:x 2']);
    expect(signers.map(({ address }) => address)).toEqual([OTHER_ADDRESS, ADDRESS]);
  });

  it('decrypts a keystore of ethers', async () => {
    const signers = await openSigners(keystore('password'), 1_000);
    expect(signers.map(({ address }) => address)).toEqual([ADDRESS]);
  });

  it('refuses a wrong password without quoting it', async () => {
    const error: unknown = await openSigners(keystore('no-key'), 1_000).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(StartupError);
    expect(String(error)).toContain('password_file must hold its password');
    expect(String(error)).not.toContain('a1b2c3');
  });

  it.each([
    ['no-key', 'the file must hold comma-separated private keys'],
    ['missing', 'must name a readable file'],
  ])('refuses the file %s', async (file, sentence) => {
    const opened = openSigners({ kind: 'file', name: 'file:x', path: join(folder, file) }, 1_000);
    await expect(opened).rejects.toThrow(sentence);
    await expect(opened).rejects.not.toThrow('a1b2c3');
  });

  it('names the package that is missing, and how to install it', async () => {
    await expect(loadPackage('@aws-sdk/client-not-there', 'aws-kms', isObject)).rejects.toThrow(
      'aws-kms: needs a package that is not installed: npm install @aws-sdk/client-not-there',
    );
  });
});
