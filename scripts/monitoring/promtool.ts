import { spawnSync } from 'node:child_process';

/** One run of promtool. */
export interface PromtoolRun {
  readonly passed: boolean;
  /** Everything that it printed. */
  readonly output: string;
}

/**
 * Runs the promtool on PATH, or the one that the environment variable PROMTOOL names.
 *
 * @param input for its standard input
 * @throws Error when it cannot be started
 */
export function promtool(args: readonly string[], input = ''): PromtoolRun {
  const program = process.env['PROMTOOL'] ?? 'promtool';
  const { error, status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (error) throw new Error(`${program} could not be started: ${error.message}`);
  return { passed: status === 0, output: `${stdout}${stderr}` };
}
