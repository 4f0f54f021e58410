import type { SignerSource } from '#config';
import type { TransactionSigner } from '../transaction-signer.js';
import { decodeDerSignature } from './der-signature.js';
import { DigestSigner } from './digest-signer.js';
import { requestJson, textMember } from './http-json.js';
import { hasExports, loadPackage } from './load-package.js';
import { addressOfPublicKey } from './public-key.js';

/** The part of `google-auth-library` that is used. */
interface GoogleAuthPackage {
  readonly GoogleAuth: new (options: { readonly scopes: string }) => {
    getAccessToken(): Promise<string | null | undefined>;
  };
}

/** Returns a bearer token; called for every request. */
export type AccessToken = () => Promise<string>;

function isGoogleAuthPackage(loaded: unknown): loaded is GoogleAuthPackage {
  return hasExports(loaded, ['GoogleAuth']);
}

/** Opens a key version of Google Cloud KMS (`EC_SIGN_SECP256K1_SHA256`) with the application default credentials. */
export async function openGcpKms(
  source: SignerSource & { readonly kind: 'gcp-kms' },
  signal: AbortSignal,
  token?: AccessToken,
): Promise<TransactionSigner> {
  const accessToken = token ?? (await googleToken());
  const url = `${source.endpoint.replace(/\/$/, '')}/v1/${source.keyVersion}`;
  const headers = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${await accessToken()}` });
  const publicKey = await requestJson(`${url}/publicKey`, { headers: await headers(), signal });
  const address = addressOfPublicKey(textMember(publicKey, 'pem'));
  return new DigestSigner(source.name, address, async (digest, aborted) => {
    // The service signs any 32 bytes: it cannot know which hash they are of.
    const body = { digest: { sha256: Buffer.from(digest).toString('base64') } };
    const answer = await requestJson(`${url}:asymmetricSign`, { headers: await headers(), body, signal: aborted });
    return decodeDerSignature(Buffer.from(textMember(answer, 'signature'), 'base64'));
  });
}

async function googleToken(): Promise<AccessToken> {
  const { GoogleAuth } = await loadPackage('google-auth-library', 'gcp-kms', isGoogleAuthPackage);
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloudkms' });
  return async () => {
    const token = await auth.getAccessToken();
    if (typeof token !== 'string') throw new Error('the application default credentials give no access token');
    return token;
  };
}
