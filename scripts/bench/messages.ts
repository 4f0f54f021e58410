import { randomBytes, randomUUID } from 'node:crypto';
import { platformMessage } from '../../test/support/fixtures/platform-message.fixture.js';

/** Bytes of a live producer's message, envelope and all. */
const BYTES = 900;

/** Model id of 23 bytes, the length that gas figures are stated for. */
export function modelId(prefix: string, n: number): string {
  return `${prefix}-${String(n).padStart(22 - prefix.length, '0')}`;
}

/**
 * A message of 900 bytes for the reference record: symbol of 7 bytes, metric of 8, run id of 32, and a contributor of its own
 * in every message.
 */
export function benchMessage(model: string): string {
  return [model, randomUUID(), `0x${randomBytes(20).toString('hex')}`].reduce(
    (message, value, index) => message.replace(PLACES[index] ?? '', value),
    TEMPLATE,
  );
}

/** `count` of them, with model ids of their own. */
export function* benchMessages(prefix: string, count: number): Generator<string> {
  for (let n = 0; n < count; n += 1) yield benchMessage(modelId(prefix, n));
}

/** What differs from message to message, as long as what takes its place: model id, message id and contributor. */
const PLACES = ['M'.repeat(23), 'I'.repeat(36), 'C'.repeat(42)];
const TEMPLATE = template();

function template(): string {
  const [model = '', id = '', contributor = ''] = PLACES;
  const payload = {
    model_id: model,
    token_symbol: 'MSGSALE',
    metric_name: 'accuracy',
    contributor_address: contributor,
  };
  const envelope = { message_id: id };
  const bare = platformMessage({ ...payload, experiment_name: '' }, envelope).length;
  return platformMessage({ ...payload, experiment_name: 'x'.repeat(Math.max(0, BYTES - bare)) }, envelope);
}
