import type { SignerSource } from '#config';
import type { TransactionSigner } from '../transaction-signer.js';
import { DigestSigner } from './digest-signer.js';
import type { AccessToken } from './gcp-kms.js';
import { requestJson, textMember } from './http-json.js';
import { hasExports, loadPackage } from './load-package.js';
import { addressOfJwk } from './public-key.js';

/** The part of `@azure/identity` that is used. */
interface AzureIdentityPackage {
  readonly DefaultAzureCredential: new () => {
    getToken(scope: string): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>;
  };
}

function isAzureIdentityPackage(loaded: unknown): loaded is AzureIdentityPackage {
  return hasExports(loaded, ['DefaultAzureCredential']);
}

const API_VERSION = 'api-version=7.4';
/** Time before its expiry at which a token is replaced. */
const RENEW_BEFORE_MS = 120_000;

/** Opens a key version of Azure Key Vault or Managed HSM (`P-256K`) with the default credential. */
export async function openAzureKeyVault(
  { name, keyUrl }: SignerSource & { readonly kind: 'azure-kv' },
  signal: AbortSignal,
  token?: AccessToken,
): Promise<TransactionSigner> {
  const accessToken = token ?? (await azureToken(scopeOf(keyUrl)));
  const headers = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${await accessToken()}` });
  const key = await requestJson(`${keyUrl}?${API_VERSION}`, { headers: await headers(), signal });
  const jwk = Object.fromEntries(['crv', 'x', 'y'].map((part) => [part, textMember(key, 'key', part)]));
  return new DigestSigner(name, addressOfJwk(jwk), async (digest, aborted) => {
    const body = { alg: 'ES256K', value: Buffer.from(digest).toString('base64url') };
    const answer = await requestJson(`${keyUrl}/sign?${API_VERSION}`, {
      headers: await headers(),
      body,
      signal: aborted,
    });
    const signature = Buffer.from(textMember(answer, 'value'), 'base64url').toString('hex');
    if (signature.length !== 128) throw new Error('its signature has not 64 bytes');
    return { r: BigInt(`0x${signature.slice(0, 64)}`), s: BigInt(`0x${signature.slice(64)}`) };
  });
}

/** Returns the scope of the cloud: `https://vault.azure.net/.default` for `https://mine.vault.azure.net/…`. */
function scopeOf(keyUrl: string): string {
  return `https://${new URL(keyUrl).hostname.split('.').slice(1).join('.')}/.default`;
}

async function azureToken(scope: string): Promise<AccessToken> {
  const { DefaultAzureCredential } = await loadPackage('@azure/identity', 'azure-kv', isAzureIdentityPackage);
  const credential = new DefaultAzureCredential();
  let kept: { readonly token: string; readonly renewAt: number } | null = null;
  return async () => {
    const now = performance.timeOrigin + performance.now();
    if (kept === null || now >= kept.renewAt) {
      const { token, expiresOnTimestamp } = await credential.getToken(scope);
      kept = { token, renewAt: expiresOnTimestamp - RENEW_BEFORE_MS };
    }
    return kept.token;
  };
}
