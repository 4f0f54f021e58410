import { readFileSync } from 'node:fs';

/** One block of commands, and the statuses that it says it gets, in order. */
export interface DocumentedCommands {
  readonly script: string;
  readonly statuses: readonly number[];
}

/** The shell blocks of a page that ask the service for something. */
export function documentedCommands(path: string): readonly DocumentedCommands[] {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, script = '']) => script);
  return blocks
    .filter((script) => script.includes('curl '))
    .map((script) => ({ script, statuses: [...script.matchAll(/ # (\d{3})$/gm)].map(([, status]) => Number(status)) }));
}
