import type { TokenManagerConfig } from '#config';
import { encodeHasToken } from '#contracts';
import { StartupError } from '#core';
import type { ChainHead } from '../../head/chain-head.worker.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { lacksState } from '../../rpc/transport/rpc-error-classifier.js';
import { RpcError } from '../../rpc/rpc.errors.js';

/**
 * Models are read at the final block, too: a node that has forgotten that state would let tokens be paid for that are never
 * registered. A full node of geth keeps the state of 128 blocks.
 */
export class FinalStateCheck {
  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @throws StartupError; RpcError or RpcUnavailableError when the node cannot be asked now */
  async run(): Promise<void> {
    const { block, finalBlock } = await this.head.fetch();
    if (finalBlock < 0) return;
    try {
      // The answer does not matter: the contracts may be younger than that.
      await this.reader.call({ to: this.config.managerAddress, data: encodeHasToken('1') }, finalBlock);
    } catch (error) {
      if (!(error instanceof RpcError) || !lacksState(error)) throw error;
      const where = `the final block ${finalBlock}, ${block.number - finalBlock} behind the newest`;
      const how = 'ask for fewer confirmations, or use a node that keeps the state of more blocks';
      throw new StartupError(`CONFIRMATIONS: the node does not keep the state of ${where}: ${how}`, { cause: error });
    }
  }
}
