import { Transaction } from 'ethers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SignerSource } from '#config';
import { openSigners } from '#signing';
import { MotoServer } from './moto-server.js';
import { deployOneToken, openPolicySigner, transactionOf } from './signer-scenario.js';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-west-1' };

/** As a client of the API creates it; moto verifies no signature of a request. */
async function createKey(spec: string, { url }: MotoServer): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'TrentService.CreateKey',
      authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/eu-west-1/kms/aws4_request',
    },
    body: JSON.stringify({ KeySpec: spec, KeyUsage: 'SIGN_VERIFY' }),
  });
  const created = (await answer.json()) as { readonly KeyMetadata: { readonly KeyId: string } };
  return created.KeyMetadata.KeyId;
}

describe('AWS KMS on moto', () => {
  let moto: MotoServer;
  let keyId = '';
  beforeAll(async () => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    moto = await MotoServer.start();
    keyId = await createKey('ECC_SECG_P256K1', moto);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.stop();
  });

  const source = (id: string, address: string | null = null, endpoint = moto.url): SignerSource => {
    const place = { region: 'eu-west-1', endpoint, address };
    return { kind: 'aws-kms', name: `aws-kms:${id}`, keyId: id, ...place };
  };

  it('signs transactions that recover to the address of the public key', async () => {
    const signer = await openPolicySigner(source(keyId));
    await signer.verifyKey();
    const nonces = Array.from({ length: 12 }, (_value, nonce) => nonce);
    const signed = await Promise.all(
      nonces.map((nonce) => signer.sign(transactionOf(nonce), { balance: 10n ** 20n, reserved: 0n, nonce })),
    );
    const read = signed.map(({ raw }) => Transaction.from(raw));
    expect(read.map(({ nonce }) => nonce)).toEqual(nonces);
    expect(new Set(read.map(({ from }) => from))).toEqual(new Set([signer.address]));
  });

  it('is refused when it signs another digest', async () => {
    const hashing = await MotoServer.start(['--hash-again']);
    try {
      const id = await createKey('ECC_SECG_P256K1', hashing);
      const signer = await openPolicySigner(source(id, null, hashing.url));
      await expect(signer.verifyKey()).rejects.toThrow(`it returned a signature that ${signer.address} did not make`);
    } finally {
      await hashing.stop();
    }
  });

  it('refuses a key of another curve', async () => {
    const opened = openSigners(source(await createKey('ECC_NIST_P256', moto)), 10_000);
    await expect(opened).rejects.toThrow('its key is not of secp256k1 but of P-256');
  });

  it('refuses a key of another address than its URI names', async () => {
    const other = `0x${'11'.repeat(20)}`;
    await expect(openSigners(source(keyId, other), 10_000)).rejects.toThrow(`and its URI names address=${other}`);
  });

  it('is unavailable, in the words of the provider, for a key that does not exist', async () => {
    const missing = '00000000-0000-0000-0000-000000000000';
    await expect(openSigners(source(missing), 10_000)).rejects.toMatchObject({
      reason: 'signer_unavailable',
      message: expect.stringMatching(new RegExp(`^aws-kms:${missing}: NotFoundException: `)) as string,
    });
  });

  it('deploys one token', async () => {
    const { address } = await openPolicySigner(source(keyId));
    const uri = `aws-kms:${keyId}?region=eu-west-1&endpoint=${moto.url}&address=${address}`;
    expect(await deployOneToken(address, { ...ENVIRONMENT, DEPLOYER_SIGNERS: uri })).toEqual({
      senders: [address],
      tokens: 1,
    });
  });
});
