import { connect } from 'node:net';
import { getAddress } from 'ethers';
import type { SignerSource } from '#config';
import type { TransactionSigner } from '../transaction-signer.js';
import type { UnsignedTransaction } from '../unsigned-transaction.js';
import { errorWords, member, requestJson } from './http-json.js';

const MAX_ANSWER_CHARACTERS = 4_000_000;

type RemoteSigner = SignerSource & { readonly kind: 'web3signer' | 'clef' };

/** Opens an account of Web3Signer. */
export function openWeb3Signer(source: RemoteSigner): TransactionSigner {
  return new JsonRpcSigner(source, 'eth_signTransaction', (result) => result);
}

/** Opens an account of clef, over HTTP or its Unix socket. */
export function openClef(source: RemoteSigner): TransactionSigner {
  return new JsonRpcSigner(source, 'account_signTransaction', (result) => member(result, 'raw'));
}

/** Signs with a signer that takes whole transactions over JSON-RPC. */
class JsonRpcSigner implements TransactionSigner {
  readonly name: string;
  readonly address: string;
  private readonly endpoint: string;

  constructor(
    { name, address, endpoint }: RemoteSigner,
    private readonly method: string,
    private readonly rawIn: (result: unknown) => unknown,
  ) {
    this.name = name;
    this.address = getAddress(address);
    this.endpoint = endpoint;
  }

  async sign(transaction: UnsignedTransaction, signal: AbortSignal): Promise<Uint8Array> {
    const params = [toJson(transaction, this.address)];
    const request = { jsonrpc: '2.0', id: 1, method: this.method, params };
    const answer = this.endpoint.startsWith('/')
      ? await requestOverSocket(this.endpoint, request, signal)
      : await requestOverHttp(this.endpoint, request, signal);
    const raw = this.rawIn(member(answer, 'result'));
    if (typeof raw === 'string' && /^0x(?:[0-9a-f]{2})+$/i.test(raw)) return Buffer.from(raw.slice(2), 'hex');
    throw new Error(errorWords(answer) || 'it returned no signed transaction');
  }
}

function toJson(transaction: UnsignedTransaction, from: string): Readonly<Record<string, string>> {
  const { chainId, nonce, fee, gasLimit, to, value, data } = transaction;
  const price =
    fee.kind === 'legacy'
      ? { gasPrice: hex(fee.maxFeePerGas) }
      : { maxFeePerGas: hex(fee.maxFeePerGas), maxPriorityFeePerGas: hex(fee.maxPriorityFeePerGas) };
  const call = { ...(to === null ? {} : { to: getAddress(to) }), gas: hex(gasLimit), value: hex(value), data };
  return { from, ...call, nonce: hex(nonce), chainId: hex(chainId), ...price };
}

/** `fetch` takes no URL with credentials. */
async function requestOverHttp(endpoint: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const url = new URL(endpoint);
  const credentials = [url.username, url.password].map((part) => decodeURIComponent(part)).join(':');
  url.username = '';
  url.password = '';
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return await requestJson(url.href, { headers: credentials === ':' ? {} : { authorization }, body, signal });
}

/** Sends one request over a connection of its own, and reads until the answer is complete. */
async function requestOverSocket(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const socket = connect({ path, signal });
  try {
    socket.setEncoding('utf8').write(`${JSON.stringify(body)}\n`);
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.length > MAX_ANSWER_CHARACTERS) throw new Error('its answer is too long');
      // Objects come one a line, but the last line of an answer may lack its end.
      if (text.trimEnd().endsWith('}')) {
        const answer = parseComplete(text);
        if (answer !== undefined) return answer;
      }
    }
    throw new Error('it closed the connection without an answer');
  } finally {
    socket.destroy();
  }
}

function parseComplete(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
