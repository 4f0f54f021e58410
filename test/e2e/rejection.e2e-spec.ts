import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../support/fixtures/platform-message.fixture.js';
import { metric } from '../support/telemetry/read-metric.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const without = (field: string): Record<string, unknown> => {
  const { [field]: _, ...rest } = platformPayload();
  return rest;
};

/** Reason, what the error must name, and the message that earns it. */
const REJECTED: readonly (readonly [reason: string, names: RegExp, message: string | Buffer])[] = [
  ['too_large', /262144|256/, platformMessage({ experiment_name: 'x'.repeat(300_000) })],
  ['invalid_encoding', /UTF-8/, Buffer.concat([Buffer.from(platformMessage()), Buffer.from([0xff])])],
  ['invalid_json', /JSON/, '{"message_id": '],
  ['invalid_json', /NaN/, platformMessage({ baseline_value: 'HERE' }).replace('"HERE"', 'NaN')],
  ['invalid_envelope', /./, '["not", "an", "envelope"]'],
  ['unsupported_type', /model_ready_to_deploy/, platformMessage({}, { message_type: 'model_registered' })],
  ['unsupported_version', /version/, platformMessage({ message_version: '2.0' })],
  ['invalid_field', /model_id/, platformMessage({}, { payload: without('model_id') })],
  ['invalid_field', /token_symbol/, platformMessage({ token_symbol: 7 })],
  ['invalid_metric', /current_value/, platformMessage({ current_value: 1e60 })],
  ['invalid_address', /contributor_address/, platformMessage({ contributor_address: '0x1234' })],
  ['below_improvement_floor', /0\.7 is 17\.6471 percent worse/, platformMessage({ current_value: 0.7 })],
];

describe('a message that can never be deployed', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
    await stack.service.start();
    await stack.queue.push(...REJECTED.map(([, , message]) => message));
    await until('the dead letters', async () => (await stack.queue.messageCounts()).dead >= REJECTED.length);
  });

  afterAll(() => stack.stop());

  it.each(REJECTED.map(([reason, names, message]) => ({ reason, names, message })))(
    'is dead-lettered at once as $reason, by an error that names $names, with its exact bytes',
    async ({ reason, names, message }) => {
      const bytes = Buffer.from(message);
      const entry = (await stack.queue.deadLetters()).find((letter) => bytesOf(letter).equals(bytes));

      expect(entry).toMatchObject({ reason, replay_count: 0 });
      expect(entry?.error).toMatch(names);
      expect(entry?.error.length).toBeLessThan(500);
    },
  );

  it('leaves nothing behind anywhere else', async () => {
    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: REJECTED.length });
    expect(await stack.tokens.deployments()).toBe(0);
    expect(await stack.queue.events()).toEqual([]);
  });

  it.each([...new Set(REJECTED.map(([reason]) => reason))])('is counted under %s', async (reason) => {
    const expected = REJECTED.filter(([other]) => other === reason).length;

    expect(await metric(stack.service, 'messages_dead_lettered_total', { reason })).toBe(expected);
  });
});

function bytesOf(entry: { original_message?: string; original_message_base64?: string }): Buffer {
  const { original_message: text, original_message_base64: base64 } = entry;
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
}
