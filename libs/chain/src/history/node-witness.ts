import { Transaction } from 'ethers';
import type { ChainConfig } from '#config';
import { type AccountNonces, ChainWitness, Held } from '#core';
import { finalBlockOf } from '../final-block.js';
import type { CallRequest, ChainReader } from '../rpc/chain-reader.js';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';

/** What any node says, whatever the contracts. */
export abstract class NodeWitness extends ChainWitness {
  constructor(
    protected readonly reader: ChainReader,
    private readonly chain: ChainConfig,
  ) {
    super();
  }

  override async head(): Promise<{ readonly latest: number; readonly final: number }> {
    return await asked(async () => {
      const newest = await this.reader.block('latest');
      if (!newest) throw new RpcUnavailable('the node has no newest block');
      return { latest: newest.number, final: await finalBlockOf(this.reader, this.chain.confirmations, newest.number) };
    });
  }

  override async nonces(address: string, finalBlock: number): Promise<AccountNonces> {
    return await asked(async () => ({
      final: finalBlock < 0 ? null : await this.nonceAt(address, finalBlock),
      latest: await this.reader.nonce(address, 'latest'),
      pending: await this.reader.nonce(address, 'pending'),
    }));
  }

  override readSigned(raw: string) {
    try {
      const { hash, from, nonce, chainId } = Transaction.from(raw);
      return hash === null || from === null ? null : { hash, sender: from, nonce, chainId: Number(chainId) };
    } catch {
      // ethers has an error of its own for each way in which bytes can be wrong.
      return null;
    }
  }

  /** Answers in the order of the calls. @throws RpcUnavailable when one of them has none */
  protected async answers(calls: readonly CallRequest[]): Promise<readonly string[]> {
    return (await this.reader.calls(calls)).map((answer) => {
      if (answer === null) throw new RpcUnavailable('the contracts do not answer');
      return answer;
    });
  }

  /** Null where the node has pruned that state. */
  private async nonceAt(address: string, block: number): Promise<number | null> {
    try {
      return await this.reader.nonce(address, block);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return null;
    }
  }
}

/** @throws Held where the chain cannot be asked */
export async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw held(error);
  }
}

/** @throws Held where the chain cannot be asked to the end */
export async function* askedPages<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<readonly T[]> {
  try {
    yield* pages;
  } catch (error) {
    throw held(error);
  }
}

function held(error: unknown): unknown {
  if (!(error instanceof RpcError) && !(error instanceof RpcUnavailable)) return error;
  return new Held('rpc_unavailable', `the chain cannot be asked: ${error.message}`, { cause: error });
}
