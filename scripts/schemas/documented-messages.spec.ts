import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { KEYWORDS } from '../../clients/typescript/src/keywords.js';
import { messageSchemas, parseMessage, parseMessageKeys } from '#messages';

const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };
const JSON_BLOCK = /```json\n(.*?)```/gs;

const page = await readFile('docs/messages.md', 'utf8');
const blocks = [...page.matchAll(JSON_BLOCK)].map(([, text = '']) => JSON.parse(text) as Record<string, unknown>);
const examples = blocks.filter((example) => !('keys' in example));

/** The schema that the example is of. */
function schemaOf(example: Readonly<Record<string, unknown>>): string {
  if ('original_message' in example) return 'dead-letter';
  if ('signature' in example) return 'signed-message';
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

it('the key file in docs/messages.md is one that the service reads, apart from its keys', () => {
  const file = blocks.find((example) => 'keys' in example);
  const text = JSON.stringify(file).replaceAll(/<base64[^>]*>/g, Buffer.alloc(32, 1).toString('base64'));
  expect([...parseMessageKeys(text).keys()]).toEqual(['platform-2026', 'lab-1']);
});

it('docs/message.json, which the deployment guide pushes, is the first example and is accepted', async () => {
  const message = await readFile('docs/message.json');
  expect(JSON.parse(message.toString())).toEqual(examples[0]);
  expect(parseMessage(message, RULES).request.warnings).toEqual([]);
});
