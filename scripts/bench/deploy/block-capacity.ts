import type { MinedBlock, MinedTransaction } from '../chain-reads.js';

/** What one block did for a backlog of models, and what it could have done. */
export interface BlockCapacity {
  readonly number: number;
  readonly deployments: number;
  readonly registrations: number;
  readonly gasUsed: number;
  readonly gasLimit: number;
  /** Deployments that its gas allows beside registrations and other transactions. */
  readonly possible: number;
  /** Deployments, each with its registration, that the gas limit allows. */
  readonly possiblePairs: number;
}

/**
 * The blocks at whose start there were enough deployments for a whole one. Every transaction to the manager is a deployment, and
 * costs as much as the others; every one to the registry is a registration.
 *
 * @param backlogSince number of the first block that began when every message was in the queue
 */
export function blockCapacities(
  blocks: readonly MinedBlock[],
  { manager, registry }: { readonly manager: string; readonly registry: string },
  backlogSince: number,
): readonly BlockCapacity[] {
  const all = blocks.flatMap((block) => callsTo(manager, block));
  const each = gasOf(all) / all.length;
  const registered = blocks.flatMap((block) => callsTo(registry, block));
  const pair = each + (registered.length === 0 ? 0 : gasOf(registered) / registered.length);
  let open = all.length;
  const rooms: BlockCapacity[] = [];
  for (const block of blocks) {
    const { number, gasUsed, gasLimit } = block;
    const deployments = callsTo(manager, block);
    const possible = Math.floor((gasLimit - gasUsed + gasOf(deployments)) / each);
    if (number >= backlogSince && open >= possible) {
      const registrations = callsTo(registry, block).length;
      const possiblePairs = Math.floor(gasLimit / pair);
      rooms.push({
        number,
        deployments: deployments.length,
        registrations,
        gasUsed,
        gasLimit,
        possible,
        possiblePairs,
      });
    }
    open -= deployments.length;
  }
  return rooms;
}

function callsTo(contract: string, { transactions }: MinedBlock): readonly MinedTransaction[] {
  return transactions.filter(({ to }) => to === contract.toLowerCase());
}

function gasOf(transactions: readonly MinedTransaction[]): number {
  return transactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0);
}
