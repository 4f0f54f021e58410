import type { TestStack } from '../../test/support/process/test-stack.js';
import type { SampleMessage } from './sample-messages.js';

/** One line of the table. */
type Outcome = readonly [
  what: string,
  outcome: string,
  token: string,
  symbol: string,
  transaction: string,
  gas: string,
];

const HEADINGS: Outcome = ['message', 'outcome', 'token', 'symbol', 'transaction', 'gas'];

/** Waits until every message has left the queue, and says what became of each. */
export async function observeOutcomes(stack: TestStack, samples: readonly SampleMessage[]): Promise<Outcome[]> {
  await stack.queue.drained({ timeoutMs: 60_000, everyMs: 100 });
  const events = new Map((await stack.queue.events()).map((event) => [event.model_id, event]));
  const deadLetters = new Map((await stack.queue.deadLetters()).map((entry) => [entry.original_message, entry]));
  return samples.map(({ what, text, modelId, expected }) => {
    const dead = deadLetters.get(text);
    if (dead) return [what, `dead letter: ${dead.reason}`, '', '', '', ''];
    const event = events.get(modelId);
    if (!event) return [what, 'lost', '', '', '', ''];
    const outcome = expected === 'duplicate' ? 'duplicate' : 'deployed';
    return [what, outcome, event.token_address, event.token_symbol, event.transaction_hash, event.gas_used];
  });
}

/** The outcomes in columns. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [HEADINGS, ...outcomes];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(HEADINGS), line(widths.map((width) => '-'.repeat(width))), ...outcomes.map(line)].join('\n');
}
