import type { SignerSource } from '#config';
import type { TransactionSigner } from '../transaction-signer.js';
import { decodeDerSignature } from './der-signature.js';
import { DigestSigner } from './digest-signer.js';
import { hasExports, loadPackage } from './load-package.js';
import { addressOfPublicKey } from './public-key.js';

/** The part of `@aws-sdk/client-kms` that is used. */
interface AwsKmsPackage {
  readonly KMSClient: new (options: { readonly region?: string; readonly endpoint?: string }) => {
    send(command: unknown, options: { readonly abortSignal: AbortSignal }): Promise<AwsKmsOutput>;
  };
  readonly GetPublicKeyCommand: new (input: { readonly KeyId: string }) => unknown;
  readonly SignCommand: new (input: {
    readonly KeyId: string;
    readonly Message: Uint8Array;
    readonly MessageType: 'DIGEST';
    readonly SigningAlgorithm: 'ECDSA_SHA_256';
  }) => unknown;
}

interface AwsKmsOutput {
  /** SubjectPublicKeyInfo in DER. */
  readonly PublicKey?: Uint8Array;
  /** DER. */
  readonly Signature?: Uint8Array;
}

function isAwsKmsPackage(loaded: unknown): loaded is AwsKmsPackage {
  return hasExports(loaded, ['KMSClient', 'GetPublicKeyCommand', 'SignCommand']);
}

/** Opens a key of AWS KMS (`ECC_SECG_P256K1`) with the credentials of the environment. */
export async function openAwsKms(
  { name, keyId, region, endpoint }: SignerSource & { readonly kind: 'aws-kms' },
  signal: AbortSignal,
): Promise<TransactionSigner> {
  const aws = await loadPackage('@aws-sdk/client-kms', 'aws-kms', isAwsKmsPackage);
  const client = new aws.KMSClient({
    ...(region === null ? {} : { region }),
    ...(endpoint === null ? {} : { endpoint }),
  });
  const send = async (command: unknown, abortSignal: AbortSignal): Promise<AwsKmsOutput> =>
    await client.send(command, { abortSignal }).catch((error: unknown) => {
      throw new Error(error instanceof Error ? `${error.name}: ${error.message}` : 'it fails', { cause: error });
    });
  const { PublicKey } = await send(new aws.GetPublicKeyCommand({ KeyId: keyId }), signal);
  if (PublicKey === undefined) throw new Error('it returned no public key');
  return new DigestSigner(name, addressOfPublicKey(PublicKey), async (digest, aborted) => {
    const algorithm = { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await send(new aws.SignCommand({ KeyId: keyId, Message: digest, ...algorithm }), aborted);
    if (Signature === undefined) throw new Error('it returned no signature');
    return decodeDerSignature(Signature);
  });
}
