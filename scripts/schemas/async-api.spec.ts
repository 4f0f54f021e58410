import { fromFile, Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './async-api.js';

const LISTS = { queueName: 'models', deployedQueueName: 'tokens' };
/** A note that AsyncAPI 3.0 is not the newest. */
const NEWER_VERSION = 'asyncapi-latest-version';

/** With its reference followed. */
const A_SCHEMA = expect.objectContaining({ type: 'object', title: expect.any(String) as unknown }) as unknown;

describe('the AsyncAPI document', () => {
  it('is valid, and its schemas are found', async () => {
    const { document, diagnostics } = await fromFile(new Parser(), 'schemas/asyncapi.json').parse();
    expect(diagnostics.filter(({ code }) => code !== NEWER_VERSION)).toEqual([]);
    const payloads = document?.allMessages().map((message) => message.payload()?.json());
    expect(payloads).toHaveLength(6);
    expect(payloads).toEqual(payloads?.map(() => expect.objectContaining({ schema: A_SCHEMA }) as unknown));
  });

  it('is judged by a parser that refuses wrong documents', async () => {
    const wrong = { ...asyncApiDocument(LISTS), operations: { push: { action: 'push' } } };
    const { diagnostics } = await new Parser().parse(JSON.stringify(wrong));
    expect(diagnostics.map(({ path }) => path.join('.'))).toContain('operations.push.action');
  });
});
