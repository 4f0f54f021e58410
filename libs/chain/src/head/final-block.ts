import type { ChainConfig } from '#config';
import type { ChainReader } from '../rpc/chain-reader.js';

/** Number of the newest block that counts as final under the policy; negative while the chain is younger than that. */
export async function fetchFinalBlock(
  reader: ChainReader,
  confirmations: ChainConfig['confirmations'],
  latest: number,
): Promise<number> {
  if (typeof confirmations === 'number') return latest - confirmations + 1;
  return (await reader.block(confirmations))?.number ?? -1;
}
