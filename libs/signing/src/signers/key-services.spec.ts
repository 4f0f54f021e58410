import { createPublicKey } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { computeAddress, Signature, SigningKey, Transaction } from 'ethers';
import { afterEach, describe, expect, it } from 'vitest';
import type { TransactionSigner } from '../transaction-signer.js';
import type { UnsignedTransaction } from '../unsigned-transaction.js';
import { verifySigned } from '../verify-signed.js';
import { openAzureKeyVault } from './azure-key-vault.js';
import { openGcpKms } from './gcp-kms.js';
import { openSigners } from './open-signers.js';

const KEY = new SigningKey(`0x${'5a'.repeat(32)}`);
const ADDRESS = computeAddress(KEY);
const POINT = Buffer.from(KEY.publicKey.slice(4), 'hex');
const JWK = {
  kty: 'EC',
  x: POINT.subarray(0, 32).toString('base64url'),
  y: POINT.subarray(32).toString('base64url'),
};
const ASKED: UnsignedTransaction = {
  chainId: 31337,
  nonce: 7,
  fee: { kind: 'eip1559', maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
  gasLimit: 100_000n,
  to: ADDRESS,
  value: 0n,
  data: '0x12345678',
};
const { signal } = new AbortController();

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A service with one behavior; `seen` is what it was asked. */
class Service {
  readonly seen: { readonly place: string; readonly authorization: string; readonly body: unknown }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: (place: string, body: unknown) => Answer): Promise<Service> {
    const server = createServer((request, response) => {
      void respond(request).then(({ status = 200, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const service = new Service(server, `http://127.0.0.1:${port}`);
    const respond = async (request: IncomingMessage): Promise<Answer> => {
      const content = await text(request);
      const body: unknown = content === '' ? null : JSON.parse(content);
      const place = `${request.method} ${request.url}`;
      service.seen.push({ place, authorization: request.headers.authorization ?? '', body });
      return answer(place, body);
    };
    return service;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}

let service: Service;
afterEach(async () => {
  await service.stop();
});

function memberOf(body: unknown, ...path: readonly string[]): string {
  return String(path.reduce((value, name) => Reflect.get(Object(value), name) as unknown, body));
}

function derInteger(value: string): Buffer {
  const bytes = Buffer.from(BigInt(value).toString(16).padStart(64, '0'), 'hex');
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
}

/** DER of a signature, as Google returns it. */
function derOf({ r, s }: Signature): Buffer {
  const content = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}

async function expectSigned(signer: TransactionSigner): Promise<void> {
  expect(signer.address).toBe(ADDRESS);
  const { raw } = verifySigned(ASKED, ADDRESS, await signer.sign(ASKED, signal));
  expect(Transaction.from(raw)).toMatchObject({ from: ADDRESS, nonce: 7 });
}

describe('Google Cloud KMS, in recorded shapes of its documented REST API', () => {
  const VERSION = 'projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
  const pem = createPublicKey({ key: { ...JWK, crv: 'secp256k1' }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const open = async (): Promise<TransactionSigner> => {
    const source = {
      kind: 'gcp-kms',
      name: 'gcp-kms:x',
      keyVersion: VERSION,
      endpoint: service.url,
      address: null,
    } as const;
    return await openGcpKms(source, signal, async () => 'token-of-google');
  };

  it('signs with the key version', async () => {
    service = await Service.start((place, body) => {
      if (place === `GET /v1/${VERSION}/publicKey`)
        return { body: { pem, algorithm: 'EC_SIGN_SECP256K1_SHA256', name: VERSION, protectionLevel: 'HSM' } };
      const digest = Buffer.from(memberOf(body, 'digest', 'sha256'), 'base64');
      return { body: { name: VERSION, signature: derOf(KEY.sign(digest)).toString('base64') } };
    });
    await expectSigned(await open());
    expect(service.seen.map(({ place }) => place)).toEqual([
      `GET /v1/${VERSION}/publicKey`,
      `POST /v1/${VERSION}:asymmetricSign`,
    ]);
    for (const { authorization } of service.seen) expect(authorization).toBe('Bearer token-of-google');
  });

  it('quotes the words of a refusal', async () => {
    const error = { code: 429, message: 'Quota exceeded for quota metric', status: 'RESOURCE_EXHAUSTED' };
    service = await Service.start(() => ({ status: 429, body: { error } }));
    await expect(open()).rejects.toThrow('HTTP 429: RESOURCE_EXHAUSTED 429 Quota exceeded for quota metric');
  });
});

const openAzure = async (): Promise<TransactionSigner> => {
  const source = {
    kind: 'azure-kv',
    name: 'azure-kv:x',
    keyUrl: `${service.url}/keys/k/01ab`,
    address: null,
  } as const;
  return await openAzureKeyVault(source, signal, async () => 'token-of-azure');
};

describe('Azure Key Vault, in recorded shapes of its documented REST API', () => {
  it('signs with the key version', async () => {
    service = await Service.start((place, body) => {
      const kid = 'https://mine.vault.azure.net/keys/k/01ab';
      if (place.startsWith('GET'))
        return { body: { key: { kid, ...JWK, crv: 'P-256K', key_ops: ['sign'] }, attributes: { enabled: true } } };
      const { r, s } = KEY.sign(Buffer.from(memberOf(body, 'value'), 'base64url'));
      return { body: { kid, value: Buffer.from(r.slice(2) + s.slice(2), 'hex').toString('base64url') } };
    });
    await expectSigned(await openAzure());
    expect(service.seen).toEqual([
      { place: 'GET /keys/k/01ab?api-version=7.4', authorization: 'Bearer token-of-azure', body: null },
      {
        place: 'POST /keys/k/01ab/sign?api-version=7.4',
        authorization: 'Bearer token-of-azure',
        body: { alg: 'ES256K', value: expect.any(String) as string },
      },
    ]);
  });

  it('refuses a key of another curve', async () => {
    service = await Service.start(() => ({ body: { key: { ...JWK, crv: 'P-256' } } }));
    await expect(openAzure()).rejects.toThrow('its key is not of secp256k1 but of P-256');
  });
});

const openWeb3Signer = async (): Promise<TransactionSigner> => {
  const endpoint = service.url.replace('http://', 'http://user:word@');
  const source = { kind: 'web3signer', name: 'web3signer:x', endpoint, address: ADDRESS.toLowerCase() } as const;
  const [signer] = await openSigners(source, 1_000);
  return signer ?? expect.fail('no signer');
};

describe('Web3Signer, in its documented JSON-RPC', () => {
  it('signs by eth_signTransaction', async () => {
    const { chainId, nonce, gasLimit, to, value, data, fee } = ASKED;
    const { maxFeePerGas, maxPriorityFeePerGas } = fee;
    const signed = Transaction.from({
      chainId,
      nonce,
      gasLimit,
      to,
      value,
      data,
      type: 2,
      maxFeePerGas,
      maxPriorityFeePerGas,
    });
    signed.signature = KEY.sign(signed.unsignedHash);
    service = await Service.start(() => ({ body: { jsonrpc: '2.0', id: 1, result: signed.serialized } }));
    await expectSigned(await openWeb3Signer());
    const params = { from: ADDRESS, to, gas: '0x186a0', value: '0x0', data, nonce: '0x7', chainId: '0x7a69' };
    const fees = { maxFeePerGas: '0x1e', maxPriorityFeePerGas: '0x2' };
    expect(service.seen).toEqual([
      {
        place: 'POST /',
        authorization: `Basic ${Buffer.from('user:word').toString('base64')}`,
        body: { jsonrpc: '2.0', id: 1, method: 'eth_signTransaction', params: [{ ...params, ...fees }] },
      },
    ]);
  });

  it('quotes the words of a refusal', async () => {
    const error = { code: -32_000, message: 'Signing from is not an unlocked account' };
    service = await Service.start(() => ({ body: { jsonrpc: '2.0', id: 1, error } }));
    const signer = await openWeb3Signer();
    await expect(signer.sign(ASKED, signal)).rejects.toThrow('-32000 Signing from is not an unlocked account');
  });
});
