import { TestProcess } from '../../test/support/process/test-process.js';
import { until } from '../../test/support/until.js';
import type { Namespace } from './namespace.js';

/**
 * Does what the notes of a release say: runs their commands to the end, but for the forwarding of a port, during which
 * it fetches their addresses.
 *
 * @returns the body of each address
 * @throws Error with what a command, or an address, says
 */
export async function followNotes(namespace: Namespace, notes: string): Promise<readonly string[]> {
  const forwards: TestProcess[] = [];
  const bodies: string[] = [];
  try {
    for (const [program = '', ...args] of commands(notes)) {
      if (program === 'curl') bodies.push(await fetched(args.at(-1) ?? '', forwards));
      else if (args.includes('port-forward')) forwards.push(new TestProcess(...namespace.command('kubectl', args)));
      else if (program === 'kubectl' || program === 'helm') await namespace.run(program, args);
      else throw new Error(`the notes name ${program}, which is no prerequisite`);
    }
  } finally {
    for (const forward of forwards) await forward.stop();
  }
  return bodies;
}

/** Indented lines are commands. */
function commands(notes: string): readonly (readonly string[])[] {
  return [...notes.matchAll(/^ {2}(\S.*)$/gm)].map(([, line = '']) => line.split(' '));
}

async function fetched(url: string, forwards: readonly TestProcess[]): Promise<string> {
  return await until(`an answer of ${url}\n${forwards.map(({ output }) => output).join('\n')}`, async () => {
    const answer = await fetch(url);
    return answer.ok ? await answer.text() : null;
  });
}
