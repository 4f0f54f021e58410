import { createHash } from 'node:crypto';
import type { ClaimedMessage } from '#core';
import { guideMessage } from '../fixtures/platform-message.fixture.js';

let claims = 0;

/** A message that was just claimed for the first time; say only what the test is about. */
export function aClaimedMessage(
  content: string | Uint8Array = guideMessage(),
  changes: Partial<ClaimedMessage> = {},
): ClaimedMessage {
  const bytes = Buffer.from(content);
  claims += 1;
  return {
    lease: `worker:${claims}`,
    bytes,
    digest: createHash('sha1').update(bytes).digest('hex'),
    attempts: 0,
    deliveries: 1,
    stalls: 0,
    replays: 0,
    firstSeenAt: Date.UTC(2026, 2, 1, 12),
    ...changes,
  };
}

/** A good message for one model, claimed. */
export function aMessageFor(
  modelId: string,
  payload: Readonly<Record<string, unknown>> = {},
  envelope: Readonly<Record<string, unknown>> = {},
): ClaimedMessage {
  return aClaimedMessage(
    guideMessage({ model_id: modelId, ...payload }, { message_id: `message-${modelId}`, ...envelope }),
  );
}
