/** What an audit compares of an event. */
export interface QueuedEvent {
  readonly eventId: string;
  readonly modelId: string;
  readonly tokenAddress: string;
}

/** Null for an element that is no `token_deployed` event. */
export function readEvent(element: string): QueuedEvent | null {
  const event = new Map<string, unknown>(Object.entries(parsed(element) ?? {}));
  const eventId = event.get('event_id');
  const modelId = event.get('model_id');
  const tokenAddress = event.get('token_address');
  if (typeof eventId !== 'string' || typeof modelId !== 'string' || typeof tokenAddress !== 'string') return null;
  return { eventId, modelId, tokenAddress };
}

function parsed(element: string): object | null {
  try {
    const json: unknown = JSON.parse(element);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}
