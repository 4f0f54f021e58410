import { spawn } from 'node:child_process';

/** What a program printed; it ended with 0. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws Error with all that it printed, when it could not be started or did not end with 0
 */
export async function run(program: string, args: readonly string[], stdin = ''): Promise<Output> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  // A program that does not read its input may end before all of it is written.
  child.stdin.on('error', () => undefined).end(stdin);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === 0) return output;
  throw new Error(`'${program} ${args.join(' ')}' ended with ${code}:\n${output.stdout}${output.stderr}`);
}
