import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../../../../test/support/fixtures/platform-message.fixture.js';
import { isValid } from './is-valid.js';
import { pickProperties } from '../coercion/nested-json.js';
import { isJsonObject, type JsonObject } from '../envelope/json-object.js';
import { MessageEnvelope } from '../envelope/message-envelope.dto.js';
import { ModelReadyToDeployMessage } from '../envelope/model-ready-to-deploy-message.dto.js';

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constant(undefined),
  fc.constantFrom(
    null,
    '',
    0,
    '0x',
    'NaN',
    '1e400',
    'a'.repeat(65),
    'é'.repeat(128),
    '\ud800',
    'line\nfeed',
    true,
    {},
    [],
  ),
);

/** Some fields of a good object, changed or (undefined) taken away. */
function changed(good: JsonObject): fc.Arbitrary<JsonObject> {
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(good)), odd, { maxKeys: 2 });
  return changes.map((change) => JSON.parse(JSON.stringify({ ...good, ...change })) as JsonObject);
}

function convert(type: new () => object, source: JsonObject): object {
  return plainToInstance(type, pickProperties(source, Object.keys(new type())));
}

function agrees(type: new () => object, good: JsonObject): boolean {
  const property = fc.property(changed(good), (source) => {
    const instance = convert(type, source);
    return isValid(type, instance) === (validateSync(instance).length === 0);
  });
  fc.assert(property, { numRuns: 1_000 });
  return isValid(type, convert(type, good));
}

describe('isValid agrees with validateSync', () => {
  it('about envelopes', () => {
    const envelope: unknown = JSON.parse(platformMessage());
    expect(agrees(MessageEnvelope, isJsonObject(envelope) ? envelope : {})).toBe(true);
  });

  it('about payloads', () => {
    const payload = { ...platformPayload(), model_supplier_recipient: `0x${'a'.repeat(40)}` };
    expect(agrees(ModelReadyToDeployMessage, payload)).toBe(true);
  });
});
