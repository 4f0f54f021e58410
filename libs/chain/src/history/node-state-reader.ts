import { Transaction } from 'ethers';
import type { ChainConfig } from '#config';
import { type AccountNonces, ChainStateReader, HoldError } from '#core';
import { fetchFinalBlock } from '../head/final-block.js';
import type { CallRequest, ChainReader } from '../rpc/chain-reader.js';
import { describeFailure, isRpcFailure } from '../rpc/rpc.errors.js';

/** Reads the chain state that does not depend on the token backend. */
export abstract class NodeStateReader extends ChainStateReader {
  constructor(
    protected readonly reader: ChainReader,
    private readonly chain: ChainConfig,
  ) {
    super();
  }

  override async head(): Promise<{ readonly latest: number; readonly final: number }> {
    return await holdOnRpcFailure(async () => {
      const { number: latest } = await this.reader.latestBlock();
      const { number: final } = await fetchFinalBlock(this.reader, this.chain.confirmations, latest);
      return { latest, final };
    });
  }

  override async nonces(address: string, finalBlock: number): Promise<AccountNonces> {
    return await holdOnRpcFailure(async () => ({
      final: finalBlock < 0 ? null : await this.reader.nonceAt(address, finalBlock),
      ...(await this.reader.nonces(address)),
    }));
  }

  override readSigned(raw: string) {
    try {
      const { hash, from, nonce, chainId } = Transaction.from(raw);
      return hash === null || from === null ? null : { hash, sender: from, nonce, chainId: Number(chainId) };
    } catch {
      // ethers throws many error types for invalid bytes.
      return null;
    }
  }

  /** Returns the results in the order of the calls. @throws RpcUnavailableError when a call has no result */
  protected async callAll(calls: readonly CallRequest[]): Promise<readonly string[]> {
    return (await this.reader.calls(calls)).map((answer) => {
      if (answer === null) throw this.reader.contradiction('eth_call', 'a contract call returned no result');
      return answer;
    });
  }
}

/** @throws HoldError `rpc_unavailable` when RPC fails */
export async function holdOnRpcFailure<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw toHoldError(error);
  }
}

/** @throws HoldError `rpc_unavailable` when RPC fails while pages are read */
export async function* holdPagesOnRpcFailure<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<readonly T[]> {
  try {
    yield* pages;
  } catch (error) {
    throw toHoldError(error);
  }
}

function toHoldError(error: unknown): unknown {
  if (!isRpcFailure(error)) return error;
  return new HoldError('rpc_unavailable', `RPC unavailable: ${describeFailure(error)}`, { cause: error });
}
