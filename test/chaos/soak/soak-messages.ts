import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import type { SeededRandom } from '../../support/seeded-random.js';

/** What a message asks for, and what it is among the others for its model. */
export type MessageKind = 'first' | 'same bytes' | 'many copies' | 'same record' | 'another record' | 'broken';

export interface SoakMessage {
  readonly kind: MessageKind;
  readonly text: string;
  /** A broken one's gets no token. */
  readonly model: string;
  /** Tells the records of one model apart. */
  readonly symbol: string;
}

/** How many of a hundred models get such a message on top of their first. */
const PERCENT = { 'same bytes': 10, 'many copies': 3, 'same record': 10, 'another record': 5, broken: 5 } as const;

/** What a producer sends that tries again after each timeout: more than the stalls that make a message poison. */
const COPIES = 6;

/** Each is refused for good; the model keeps their bytes apart. */
const INVALID_MESSAGES: readonly ((model: string) => string)[] = [
  (model) => `not JSON ${model}`,
  (model) => JSON.stringify({ model }),
  (model) => platformMessage({ model_id: model, token_symbol: '' }),
  (model) => platformMessage({ model_id: model, contributor_address: '0x12' }),
  (model) => platformMessage({ model_id: model, current_value: 0.8 }),
  (model) => platformMessage({ model_id: model }, { message_type: 'something_else' }),
];

/**
 * All messages of a soak, in the order in which they are pushed. The same dice give the same order of kinds.
 *
 * @param modelId names a model by its number; those of broken messages have numbers from `models` on
 */
export function soakMessages(
  models: number,
  modelId: (number: number) => string,
  dice: SeededRandom,
): readonly SoakMessage[] {
  const all: { readonly at: number; readonly message: SoakMessage }[] = [];
  const add = (at: number, kind: MessageKind, model: string, symbol: string, text: string): void => {
    all.push({ at, message: { kind, model, symbol, text } });
  };
  for (let number = 0; number < models; number += 1) {
    const model = modelId(number);
    const first = messageFor(model, 'SOAK');
    const later = (): number => number + dice.between(0, 20);
    add(number, 'first', model, 'SOAK', first);
    if (randomMessage(dice, 'same bytes')) add(later(), 'same bytes', model, 'SOAK', first);
    if (randomMessage(dice, 'many copies'))
      for (let copy = 0; copy < COPIES; copy += 1) add(number, 'many copies', model, 'SOAK', first);
    if (randomMessage(dice, 'same record')) add(later(), 'same record', model, 'SOAK', messageFor(model, 'SOAK'));
    if (randomMessage(dice, 'another record')) {
      const message = rivalMessage(model);
      all.push({ at: later(), message });
    }
    const broken = INVALID_MESSAGES[dice.between(0, INVALID_MESSAGES.length - 1)];
    if (broken && randomMessage(dice, 'broken')) {
      const unwanted = modelId(models + number);
      add(later(), 'broken', unwanted, '', broken(unwanted));
    }
  }
  return all.toSorted((a, b) => a.at - b.at).map(({ message }) => message);
}

/** Wants another record for the model than its first message. */
export function rivalMessage(model: string): SoakMessage {
  return { kind: 'another record', model, symbol: 'OTHER', text: messageFor(model, 'OTHER') };
}

function randomMessage(dice: SeededRandom, kind: keyof typeof PERCENT): boolean {
  return dice.chance(PERCENT[kind] / 100);
}

/** Without retries: what happens to the service must not cost a message an attempt. */
function messageFor(model: string, symbol: string): string {
  return platformMessage({ model_id: model, token_symbol: symbol }, { max_retries: 0 });
}
