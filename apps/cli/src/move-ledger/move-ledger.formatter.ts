import { escapeControlCharacters } from '../escape-control-characters.js';
import type { MoveReport } from './move-ledger.runner.js';

/** Formats a report of `ledger:move` as text. */
export function formatMove({ from, to, jobs, models, obstacles, moved, dryRun }: MoveReport): string {
  const counts = Object.entries(jobs).map(([state, count]) => `${count} ${state}`);
  return [
    ...models.map(({ modelId, tokenAddress, second }) => {
      const other = second === null ? '' : `, and a second one ${second} at the new home`;
      return `model ${escapeControlCharacters(modelId)}  token ${tokenAddress} in ${from.contract}${other}`;
    }),
    `from  ${describe(from)}`,
    `to    ${describe(to)}`,
    `jobs at the former home: ${counts.join(', ')}; ${models.length} models with a token`,
    ...obstacles.map((obstacle) => `not moved: ${obstacle}`),
    ...(moved ? ['moved'] : []),
    ...(dryRun ? ['dry run: nothing was written'] : []),
  ].join('\n');
}

function describe({ chainId, contract, modelIdSource }: MoveReport['from']): string {
  return `chain ${chainId}, contract ${contract}, model ids from ${modelIdSource ?? 'any field'}`;
}
