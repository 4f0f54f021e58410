import type { TestStack } from '../../support/process/test-stack.js';
import type { SoakContracts } from './soak-contracts.js';
import type { SoakMessage } from './soak-messages.js';

/**
 * Counts tokens, events and dead letters by other ways than the service does. Returns what is wrong.
 *
 * @param ledgerLost an event may be there again with its id: nothing says that it was published
 */
export async function findViolations(
  stack: TestStack,
  contracts: SoakContracts,
  messages: readonly SoakMessage[],
  { ledgerLost }: { readonly ledgerLost: boolean },
): Promise<readonly string[]> {
  const models = new Set(messages.filter(({ kind }) => kind === 'first').map(({ model }) => model));
  const mentioned = new Set(messages.map(({ model }) => model));
  const published = await stack.queue.events();
  const events = ledgerLost ? [...new Map(published.map((event) => [event.event_id, event])).values()] : published;
  const symbols = new Map(events.map((event) => [event.model_id, event.token_symbol]));
  const dead = (await stack.queue.deadLetters()).map(
    ({ reason, original_message: text = '' }) => `${causeOf(reason)}: ${text}`,
  );
  return [
    ...differences('tokens on chain', await contracts.tokens([...mentioned]), models),
    ...differences(
      'events',
      events.map((event) => event.model_id),
      models,
    ),
    ...differences(
      'event ids',
      events.map((event) => event.event_id),
      new Set(events.map((event) => event.event_id)),
    ),
    ...differences('dead letters', dead, expectedDeadLetters(messages, symbols)),
    ...(await unexpectedKeys(stack)),
    ...differences('tokens of the other contracts', [String(await contracts.strayTokens())], ['0']),
  ];
}

/** Broken ones, and those that asked for another record than the one that came first: which one that was, the token says. */
function expectedDeadLetters(
  messages: readonly SoakMessage[],
  symbols: ReadonlyMap<string, string>,
): readonly string[] {
  return messages
    .filter(({ kind, model, symbol }) => kind === 'broken' || symbols.get(model) !== symbol)
    .map(({ kind, text }) => `${kind === 'broken' ? 'unreadable' : 'conflict'}: ${text}`);
}

/** A broken message may have any reason that says so; the others must have theirs. */
function causeOf(reason: string): string {
  return ['conflict', 'poison', 'internal_error', 'deployment_failed'].includes(reason) ? reason : 'unreadable';
}

/** Every expected one exactly once (twice, if it is expected twice), and no other. */
function differences(what: string, found: readonly string[], expected: Iterable<string>): readonly string[] {
  const count = new Map<string, number>();
  for (const one of found) count.set(one, (count.get(one) ?? 0) + 1);
  for (const one of expected) count.set(one, (count.get(one) ?? 0) - 1);
  return [...count].flatMap(([one, surplus]) =>
    surplus === 0 ? [] : [`${what}: ${Math.abs(surplus)} too ${surplus > 0 ? 'many' : 'few'} of ${one.slice(0, 200)}`],
  );
}

async function unexpectedKeys(stack: TestStack): Promise<readonly string[]> {
  const { waiting, processing, delayed } = await stack.queue.messageCounts();
  const left = waiting + processing + delayed;
  return left === 0 ? [] : [`${left} messages are on their way still`];
}
