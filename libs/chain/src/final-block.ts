import type { ChainConfig } from '#config';
import type { ChainReader } from './rpc/chain-reader.js';

/** Number of the newest block that counts as final under the policy; negative while the chain is younger than that. */
export async function finalBlockOf(
  reader: ChainReader,
  confirmations: ChainConfig['confirmations'],
  newest: number,
): Promise<number> {
  if (typeof confirmations === 'number') return newest - confirmations + 1;
  return (await reader.block(confirmations))?.number ?? -1;
}
