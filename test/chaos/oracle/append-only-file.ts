import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A command and its arguments, one character for each byte. */
export type Command = readonly string[];

/** Settings under which a Redis writes down every change before it answers, and never tidies up. */
export const WRITES_EVERYTHING_DOWN = '--appendonly yes --appendfsync always --auto-aof-rewrite-percentage 0'.split(
  ' ',
);

/**
 * Every change that a Redis has made since it was empty, oldest first: what one command or one script changed comes as one
 * group. https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#append-only-file
 *
 * @param folder of the data of a Redis that ran under `WRITES_EVERYTHING_DOWN`
 */
export async function* changesIn(folder: string): AsyncGenerator<readonly Command[]> {
  let group: Command[] | null = null;
  for (const path of await filesIn(folder)) {
    for await (const command of commandsOf(createReadStream(path))) {
      const name = command[0]?.toUpperCase();
      if (name === 'MULTI') group = [];
      else if (name === 'EXEC') {
        yield group ?? [];
        group = null;
      } else if (group !== null) group.push(command);
      else if (name !== 'SELECT') yield [command];
    }
  }
}

/** The files of the changes, oldest first. Redis 7 keeps them in a folder of their own, Redis 6 in one file. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.incr.aof') || name === 'appendonly.aof')
    .toSorted()
    .map((name) => join(folder, name));
}

/** @param chunks arrays of bulk strings, as clients send them */
export async function* commandsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Command> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk.toString('latin1');
    let at = 0;
    for (;;) {
      const parsed = commandAt(text, at);
      if (parsed === null) break;
      yield parsed.command;
      at = parsed.end;
    }
    text = text.slice(at);
  }
  if (text !== '') throw new Error('the append-only file ends within a command');
}

/** Null when the text ends before the command does. */
function commandAt(text: string, start: number): { readonly command: Command; readonly end: number } | null {
  const first = text.indexOf('\r\n', start);
  if (first < 0) return null;
  const command: string[] = [];
  let at = first + 2;
  for (let rest = Number(text.slice(start + 1, first)); rest > 0; rest -= 1) {
    const lengthEnd = text.indexOf('\r\n', at);
    if (lengthEnd < 0) return null;
    const begin = lengthEnd + 2;
    const end = begin + Number(text.slice(at + 1, lengthEnd));
    if (text.length < end + 2) return null;
    command.push(text.slice(begin, end));
    at = end + 2;
  }
  return { command, end: at };
}
