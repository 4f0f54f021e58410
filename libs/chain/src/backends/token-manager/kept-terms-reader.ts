import type { TokenManagerConfig } from '#config';
import { decodeTerms, decodeTokenParams, encodeTermCalls, encodeTokenParams } from '#contracts';
import type { BlockTag, CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { isFailure } from '../../rpc/rpc.errors.js';
import { type TermsRequest, toChecksumAddress } from './deployment-terms.js';
import { listDifferences, termDifferences } from './term-differences.js';

/** Returns the data of each call, null for a failed one. */
type RunCalls = (calls: readonly CallRequest[]) => Promise<readonly (string | null)[]>;

/** Compares the terms that a token and its parameter contract keep with the configured ones. */
export class KeptTermsReader {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Returns what differs, human-readable, or null.
   *
   * @throws RpcError when the node lacks the state of the block; RpcUnavailableError
   */
  async differenceOf(tokenAddress: string, request: TermsRequest, tag: BlockTag): Promise<string | null> {
    return await this.compare(tokenAddress, request, (calls) => this.reader.calls(calls, tag));
  }

  /**
   * Returns what would differ after a deployment, human-readable, or null. Each simulation begins with the deployment.
   *
   * @param deployment call that returns the token's address
   * @throws RpcError or RpcUnavailableError when the node cannot simulate the calls
   */
  async differenceAfter(deployment: CallRequest, request: TermsRequest): Promise<string | null> {
    const { number } = await this.reader.latestBlock();
    const run = async (calls: readonly CallRequest[]): Promise<readonly (string | null)[]> => {
      const [first, ...results] = await this.reader.simulateAll([deployment, ...calls], (data) => data, number);
      if (first === undefined || isFailure(first)) throw first ?? new Error('no simulated deployment');
      return [first.result, ...results.map((each) => (isFailure(each) ? null : each.result))];
    };
    const [returned] = await run([]);
    const tokenAddress = `0x${(returned ?? '').slice(-40)}`;
    return await this.compare(tokenAddress, request, async (calls) => (await run(calls)).slice(1));
  }

  private async compare(tokenAddress: string, request: TermsRequest, run: RunCalls): Promise<string | null> {
    const governor = toChecksumAddress(this.config.governor);
    const params = readable(await run([{ to: tokenAddress, data: encodeTokenParams() }]), ([data = '0x']) =>
      decodeTokenParams(data),
    );
    if (params === null) return 'the token does not answer params() as a token of a TokenManager does';
    const results = await run(encodeTermCalls(tokenAddress, params, governor));
    const terms = readable(results, (returnData) => decodeTerms(returnData, governor));
    if (terms === null) return `the parameter contract ${params} does not answer as that of a TokenManager does`;
    const found = { ...terms, modelId: request.record.modelId };
    return listDifferences(termDifferences(found, request, this.config, false)) || null;
  }
}

/** Returns null when a call failed or its data cannot be decoded. */
function readable<T>(results: readonly (string | null)[], decode: (returnData: readonly string[]) => T): T | null {
  try {
    return decode(results.map((data) => data ?? '0x'));
  } catch {
    // ethers has no check that does not throw.
    return null;
  }
}
