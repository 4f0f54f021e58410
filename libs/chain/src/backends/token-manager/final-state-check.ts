import type { TokenManagerConfig } from '#config';
import { encodeHasToken } from '#contracts';
import { StartupError } from '#core';
import type { ChainHead } from '../../head/chain-head.worker.js';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { lacksState } from '../../rpc/transport/rpc-error-classifier.js';
import { RpcError } from '../../rpc/rpc.errors.js';

/**
 * Verifies that the node has the state of the final block, where models are read. Without it, tokens would be paid for and
 * never registered. A full geth node keeps the state of 128 blocks.
 */
export class FinalStateCheck {
  constructor(
    private readonly reader: ChainReader,
    private readonly head: ChainHead,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @throws StartupError; RpcError or RpcUnavailableError when the node fails */
  async run(): Promise<void> {
    const { block, finalBlock } = await this.head.fetch();
    if (finalBlock < 0) return;
    try {
      // The result does not matter: the contracts may be younger than the block.
      await this.reader.call({ to: this.config.managerAddress, data: encodeHasToken('1') }, finalBlock);
    } catch (error) {
      if (!(error instanceof RpcError) || !lacksState(error)) throw error;
      const where = `the final block ${finalBlock}, ${block.number - finalBlock} behind the latest`;
      const how = 'ask for fewer confirmations, or use a node that keeps the state of more blocks';
      throw new StartupError(`CONFIRMATIONS: the node does not keep the state of ${where}: ${how}`, { cause: error });
    }
  }
}
