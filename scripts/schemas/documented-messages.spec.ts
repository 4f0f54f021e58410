import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { KEYWORDS } from '../../clients/typescript/src/keywords.js';
import { messageSchemas, parseMessage } from '#messages';

const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };
const JSON_BLOCK = /```json\n(.*?)```/gs;

const page = await readFile('docs/messages.md', 'utf8');
const examples = [...page.matchAll(JSON_BLOCK)].map(([, text = '']) => JSON.parse(text) as Record<string, unknown>);

/** The schema that the example is of. */
function schemaOf(example: Readonly<Record<string, unknown>>): string {
  if ('original_message' in example) return 'dead-letter';
  if (example['event_type'] === 'token_deployed_unregistered') return 'token-deployed-unregistered';
  if (!('event_type' in example)) return 'model-ready-to-deploy';
  return 'event_id' in example ? 'token-deployed' : 'token-deployed-hokusai';
}

it('docs/messages.md has an example of every schema, both forms of the message included', () => {
  const shown = examples.map((example) => schemaOf(example));
  expect(shown.toSorted()).toEqual([...Object.keys(messageSchemas(RULES)), 'model-ready-to-deploy'].toSorted());
});

it.each(examples.map((example) => [schemaOf(example), example] as const))(
  'the example of %s in docs/messages.md keeps to its schema',
  (name, example) => {
    const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false, keywords: [...KEYWORDS] });
    const validate = ajv.compile(messageSchemas(RULES)[name] ?? false);
    validate(example);
    expect(validate.errors).toBeNull();
  },
);

it('docs/message.json, which the deployment guide pushes, is the first example and is accepted', async () => {
  const message = await readFile('docs/message.json');
  expect(JSON.parse(message.toString())).toEqual(examples[0]);
  expect(parseMessage(message, RULES).request.warnings).toEqual([]);
});
