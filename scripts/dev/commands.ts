import { randomUUID } from 'node:crypto';
import { emitKeypressEvents } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import { platformMessage } from '../../test/support/fixtures/platform-message.fixture.js';

/** One letter: pressed in a terminal, or a line of its own where standard input is no terminal. */
export type Command = 'm' | 'd' | 'r' | 'q';

export const COMMAND_HELP = 'm  send a message   d  send one for the DLQ   r  rebuild and restart   q  quit';

const COMMANDS: ReadonlySet<string> = new Set<Command>(['m', 'd', 'r', 'q']);

/** Calls `run` for each command until the process ends. Ctrl-C in a terminal counts as `q`. */
export function readCommands(run: (command: Command) => void): void {
  const accept = (text: string): void => {
    if (isCommand(text)) run(text);
  };
  if (!process.stdin.isTTY) {
    createInterface({ input: process.stdin }).on('line', (line) => accept(line.trim()));
    return;
  }
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  process.stdin.on('keypress', (text: string | undefined, key: { readonly ctrl: boolean; readonly name?: string }) => {
    accept(key.ctrl && key.name === 'c' ? 'q' : (text ?? ''));
  });
}

/** A valid message for a new model. */
export function sampleMessage(): string {
  return platformMessage({ model_id: `dev-${randomUUID().slice(0, 8)}` });
}

/** A message whose contributor is not an address: it goes to the DLQ. */
export function invalidMessage(): string {
  return platformMessage({ model_id: `dev-${randomUUID().slice(0, 8)}`, contributor_address: '0x1234' });
}

function isCommand(text: string): text is Command {
  return COMMANDS.has(text);
}
