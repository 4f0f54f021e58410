import { parseArgs } from 'node:util';
import { isSoakBackend, type SoakBackend } from '../../test/chaos/soak/soak-contracts.js';

/** What the command line asks for. */
interface SoakOptions {
  readonly backend: SoakBackend;
  readonly models: number;
  /** Over which the messages come; the end is when all of them are settled. */
  readonly minutes: number;
  readonly seed: number;
}

const TEXT = { type: 'string' } as const;

/** @throws Error with one sentence for arguments that make no sense */
export function soakOptions(args: readonly string[]): SoakOptions {
  const options = { backend: TEXT, models: TEXT, minutes: TEXT, seed: TEXT };
  const { values } = parseArgs({ args: [...args], options });
  const backend = values.backend ?? 'factory';
  const models = Number(values.models ?? 1_000);
  const minutes = Number(values.minutes ?? 2);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (!isSoakBackend(backend)) throw new Error('--backend wants factory or token-manager.');
  if (!Number.isSafeInteger(models) || models < 1) throw new Error('--models wants a whole number above 0.');
  if (!(minutes > 0)) throw new Error('--minutes wants a number above 0.');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed wants a whole number.');
  return { backend, models, minutes, seed };
}
