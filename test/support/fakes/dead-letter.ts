import type { DeadLetter } from '#core';

/** A dead letter of this service; say only what the test is about. */
export function aDeadLetter(id: string, changes: Partial<DeadLetter> = {}): DeadLetter {
  const modelId = `model-${id}`;
  const message = JSON.stringify({ message_id: `message-${id}`, payload: { model_id: modelId } });
  return {
    id,
    reason: 'conflict',
    error: 'another record was there first',
    failedAt: '2026-01-02T03:04:05.000Z',
    failedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    messageId: `message-${id}`,
    modelId,
    attempts: 1,
    replayCount: 0,
    originalMessage: Buffer.from(message),
    element: Buffer.from(JSON.stringify({ id, original_message: message })),
    ...changes,
  };
}
