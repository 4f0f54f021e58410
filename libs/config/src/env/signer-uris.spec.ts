import { describe, expect, it } from 'vitest';
import { SignerConfig } from '../sections/signer.config.js';
import { secretsOf } from './config-base.js';
import { deleteSecrets, secretsInEnvironment } from './environment-secrets.js';
import { loadConfig } from './load-config.js';

const KEY = 'a1'.repeat(32);
const ADDRESS = `0x${'22'.repeat(20)}`;
const VERSION = 'projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';

const read = (environment: Record<string, string>): SignerConfig =>
  loadConfig(environment, [SignerConfig]).get(SignerConfig);
const sources = (signers: string): SignerConfig['sources'] => read({ DEPLOYER_SIGNERS: signers, MY_KEY: KEY }).sources;

describe('DEPLOYER_SIGNERS', () => {
  it('takes every kind of signer, in order, after commas and newlines', () => {
    const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1234';
    const text = `env:MY_KEY, file:/run/key
      keystore:/run/key.json?password_file=/run/password
      aws-kms:${arn}?region=eu-west-1&endpoint=http://localhost:5000,gcp-kms:${VERSION}
      azure-kv:https://mine.vault.azure.net/keys/deployer/0123abcd?address=${ADDRESS}
      web3signer:https://user:secret@signer:9000/path?address=${ADDRESS},clef:/run/clef.ipc?address=${ADDRESS}`;
    expect(sources(text)).toEqual([
      { kind: 'key', name: 'env:MY_KEY', privateKey: `0x${KEY}` },
      { kind: 'file', name: 'file:/run/key', path: '/run/key' },
      { kind: 'keystore', name: 'keystore:/run/key.json', path: '/run/key.json', passwordFile: '/run/password' },
      {
        kind: 'aws-kms',
        name: `aws-kms:${arn}`,
        keyId: arn,
        region: 'eu-west-1',
        endpoint: 'http://localhost:5000',
        address: null,
      },
      {
        kind: 'gcp-kms',
        name: `gcp-kms:${VERSION}`,
        keyVersion: VERSION,
        endpoint: 'https://cloudkms.googleapis.com',
        address: null,
      },
      {
        kind: 'azure-kv',
        name: 'azure-kv:https://mine.vault.azure.net/keys/deployer/0123abcd',
        keyUrl: 'https://mine.vault.azure.net/keys/deployer/0123abcd',
        address: ADDRESS,
      },
      {
        kind: 'web3signer',
        name: 'web3signer:https://signer:9000',
        endpoint: 'https://user:secret@signer:9000/path',
        address: ADDRESS,
      },
      { kind: 'clef', name: 'clef:/run/clef.ipc', endpoint: '/run/clef.ipc', address: ADDRESS },
    ]);
  });

  it.each([
    ['nothing', ','],
    ['an unknown scheme', 'vault:/key'],
    ['a key itself', `file:0x${KEY}`],
    ['a key in place of a name', `env:${KEY}`],
    ['a relative path', 'file:key'],
    ['a keystore without its password', 'keystore:/run/key.json'],
    ['an unknown parameter', 'aws-kms:1234?regoin=eu-west-1'],
    ['a repeated parameter', 'aws-kms:1234?region=a&region=b'],
    ['a key of Google Cloud without its version', 'gcp-kms:projects/p/locations/global/keyRings/r/cryptoKeys/k'],
    ['a key of Azure without its version', 'azure-kv:https://mine.vault.azure.net/keys/deployer'],
    ['a remote signer without its account', 'web3signer:https://signer:9000'],
    ['an account that is no address', 'clef:/run/clef.ipc?address=0x12'],
    ['the same signer twice', 'file:/run/key,file:/run/key'],
  ])('refuses %s', (_title, text) => {
    expect(() => sources(text)).toThrow(/DEPLOYER_SIGNERS must be comma- or newline-separated URIs/);
  });

  it.each([
    [{}, /DEPLOYER_PRIVATE_KEY is required unless DEPLOYER_SIGNERS is set/],
    [
      { DEPLOYER_PRIVATE_KEY: KEY, DEPLOYER_SIGNERS: 'file:/run/key' },
      /DEPLOYER_SIGNERS must not be set together with DEPLOYER_PRIVATE_KEY/,
    ],
    [{ DEPLOYER_SIGNERS: 'env:MY_KEY' }, /names env:MY_KEY: that variable must be a private key/],
  ])('refuses %j with a sentence', (environment, sentence) => {
    expect(() => read(environment)).toThrow(sentence);
  });

  it('names the keys of DEPLOYER_PRIVATE_KEY by their place', () => {
    const names = read({ DEPLOYER_PRIVATE_KEY: `${KEY},${'b2'.repeat(32)}` }).sources.map(({ name }) => name);
    expect(names).toEqual(['DEPLOYER_PRIVATE_KEY 1', 'DEPLOYER_PRIVATE_KEY 2']);
  });

  it('hides the keys and passwords that it names, and deletes their variables', () => {
    const web3signer = `web3signer:https://user:password-of-the-signer@signer:9000?address=${ADDRESS}`;
    const environment: Record<string, string> = {
      DEPLOYER_SIGNERS: `env:MY_KEY,${web3signer}`,
      MY_KEY: KEY,
      HOME: '/',
    };
    for (const secrets of [secretsInEnvironment(environment), secretsOf(read(environment))]) {
      expect(secrets).toEqual(expect.arrayContaining([KEY, 'password-of-the-signer']));
      expect(secrets).not.toContain('web3signer:https://signer:9000');
    }
    expect(JSON.stringify(read(environment))).not.toContain(KEY);
    deleteSecrets(environment);
    expect(environment).toEqual({ HOME: '/' });
  });
});
