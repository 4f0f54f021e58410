import { AbiCoder } from 'ethers';
import { describe, expect, it } from 'vitest';
import { TokenManagerConfig } from '#config';
import {
  encodeHasToken,
  encodeIsRegistered,
  encodeListedModel,
  encodeRegisteredToken,
  encodeTokenAddress,
} from '#contracts';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { ModelStatusReader } from './model-status-reader.js';

const A = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const B = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const config = Object.assign(new TokenManagerConfig(), { managerAddress: A, registryAddress: B });
const FINAL = 7;

/** What both contracts hold at one block; null for nothing. */
interface Held {
  readonly token: string | null;
  readonly registered: string | null;
  /** Model id that the registry returns for the token. Default: none. */
  readonly listedAs?: string;
}
const nothing: Held = { token: null, registered: null };

/** A node on which model 21 stands like this. */
function nodeWith(newest: Held, final: Held): ChainReader {
  const answer = ({ data }: CallRequest, { token, registered, listedAs }: Held): string | null => {
    const coder = AbiCoder.defaultAbiCoder();
    if (data === encodeHasToken('21')) return coder.encode(['bool'], [token !== null]);
    if (data === encodeIsRegistered('21')) return coder.encode(['bool'], [registered !== null]);
    if (data === encodeTokenAddress('21')) return coder.encode(['address'], [token]);
    if (data === encodeRegisteredToken('21')) return coder.encode(['address'], [registered]);
    if (data === encodeListedModel(A)) return listedAs === undefined ? null : coder.encode(['uint256'], [listedAs]);
    throw new Error('an unknown call');
  };
  const views = (
    requests: readonly CallRequest[],
    decode: (data: string, index: number) => unknown,
    tag: BlockTag = 'latest',
  ) => {
    const answers = requests.map((request) => answer(request, tag === FINAL ? final : newest));
    return Promise.resolve(answers.map((data, index) => (data === null ? null : decode(data, index))));
  };
  return { views } as unknown as ChainReader;
}

describe('ModelStatusReader', () => {
  const made: Held = { token: A, registered: null };
  const listed: Held = { token: A, registered: A };

  it.each([
    ['none', nothing, nothing],
    ['not-final', made, nothing],
    ['unregistered', made, made],
    ['registered-under-other-model', made, { ...made, listedAs: '22' }],
    ['not-final', made, { ...made, listedAs: '21' }],
    ['unregistered', { ...made, listedAs: '22' }, made],
    ['not-final', listed, made],
    ['not-final', { ...made, token: B }, made],
    ['registered', listed, listed],
    ['registered-with-other-token', { token: A, registered: B }, { token: A, registered: B }],
    ['registered-with-other-token', { token: null, registered: B }, { token: null, registered: B }],
    ['not-final', { token: null, registered: B }, nothing],
    // A reorganisation is taking it back.
    ['none', nothing, made],
  ])('is "%s"', async (kind, newest, final) => {
    const [standing] = await new ModelStatusReader(nodeWith(newest, final), config).statuses(['21'], FINAL);
    expect(standing?.kind).toBe(kind);
  });

  it('returns not-final while no block is final', async () => {
    const [standing] = await new ModelStatusReader(nodeWith(listed, listed), config).statuses(['21'], -1);
    expect(standing).toEqual({ kind: 'not-final' });
  });

  it('throws when the node does not answer for one of the contracts', async () => {
    const reader = {
      views: () => Promise.resolve([null, null]),
      contradiction: (method: string, reason: string) => new RpcUnavailableError(`${method}: ${reason}`),
    } as unknown as ChainReader;
    await expect(new ModelStatusReader(reader, config).statuses(['21'], FINAL)).rejects.toThrow('eth_call: no status');
  });
});
