import { readFile } from 'node:fs/promises';
import { Wallet } from 'ethers';
import { privateKeys, type SignerSource } from '#config';
import { StartupError } from '#core';
import { SignerUnavailableError } from '../signer.errors.js';
import type { TransactionSigner } from '../transaction-signer.js';
import { openAwsKms } from './aws-kms.js';
import { openAzureKeyVault } from './azure-key-vault.js';
import { openGcpKms } from './gcp-kms.js';
import { openClef, openWeb3Signer } from './json-rpc-signer.js';
import { LocalKey } from './local-key.js';

/**
 * Reaches the keys of a source and reads their addresses. A file may hold several keys; each other source has one.
 *
 * @throws StartupError when the source cannot be used as it is configured
 * @throws SignerUnavailableError when it does not answer, or refuses
 */
export async function openSigners(source: SignerSource, timeoutMs: number): Promise<readonly TransactionSigner[]> {
  const signers = await open(source, timeoutMs).catch((error: unknown) => {
    if (error instanceof StartupError) throw error;
    throw new SignerUnavailableError(source.name, error instanceof Error ? error.message : 'it fails', {
      cause: error,
    });
  });
  const expected = 'address' in source ? source.address : null;
  const other = signers.find(({ address }) => expected !== null && address.toLowerCase() !== expected);
  if (other === undefined) return signers;
  throw new StartupError(`${source.name} has the key of ${other.address}, and its URI names address=${expected}`);
}

/** Opens the signers of all sources, in their order. @throws as `openSigners` does */
export async function openAllSigners(
  sources: readonly SignerSource[],
  timeoutMs: number,
): Promise<readonly TransactionSigner[]> {
  return (await Promise.all(sources.map((source) => openSigners(source, timeoutMs)))).flat();
}

async function open(source: SignerSource, timeoutMs: number): Promise<readonly TransactionSigner[]> {
  switch (source.kind) {
    case 'key':
      return [new LocalKey(source.name, source.privateKey ?? '')];
    case 'file':
      return await readKeys(source);
    case 'keystore':
      return [new LocalKey(source.name, await decryptKeystore(source))];
    case 'aws-kms':
      return [await openAwsKms(source, AbortSignal.timeout(timeoutMs))];
    case 'gcp-kms':
      return [await openGcpKms(source, AbortSignal.timeout(timeoutMs))];
    case 'azure-kv':
      return [await openAzureKeyVault(source, AbortSignal.timeout(timeoutMs))];
    case 'web3signer':
      return [openWeb3Signer(source)];
    case 'clef':
      return [openClef(source)];
  }
}

async function readKeys({
  name,
  path,
}: SignerSource & { readonly kind: 'file' }): Promise<readonly TransactionSigner[]> {
  const format = privateKeys();
  const keys = format.parse((await readSecretFile(name, path)).trim());
  if (keys === undefined) throw new StartupError(`${name}: the file must hold ${format.expected}`);
  return keys.map((key, index) => new LocalKey(keys.length > 1 ? `${name} ${index + 1}` : name, key));
}

async function decryptKeystore({
  name,
  path,
  passwordFile,
}: SignerSource & { readonly kind: 'keystore' }): Promise<string> {
  const [json, password] = await Promise.all([readSecretFile(name, path), readSecretFile(name, passwordFile)]);
  try {
    const wallet = await Wallet.fromEncryptedJson(json, password.replace(/\r?\n$/, ''));
    return wallet.privateKey;
  } catch {
    // The error of ethers quotes its arguments.
    throw new StartupError(`${name}: the keystore must be of version 3, and password_file must hold its password`);
  }
}

async function readSecretFile(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartupError(`${name}: ${path} must name a readable file`, { cause: error });
  }
}
