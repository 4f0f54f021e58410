import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
}

/** @throws Error with one sentence for arguments that make no sense */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const minutes = Number(values.minutes ?? 10);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (!(minutes > 0)) throw new Error('--minutes wants a number above 0.');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed wants a whole number.');
  return { minutes, seed };
}
