/** What an audit compares of an event. */
export interface QueuedEvent {
  readonly eventId: string;
  readonly modelId: string;
  readonly tokenAddress: string;
  /** Null in an event of a token that is not registered. */
  readonly registryTransactionHash: string | null;
}

/** Null for an element that is no event of ours. */
export function readEvent(element: string): QueuedEvent | null {
  const event = new Map<string, unknown>(Object.entries(parsed(element) ?? {}));
  const eventId = event.get('event_id');
  const modelId = event.get('model_id');
  const tokenAddress = event.get('token_address');
  if (typeof eventId !== 'string' || typeof modelId !== 'string' || typeof tokenAddress !== 'string') return null;
  const registered = event.get('registry_transaction_hash');
  return {
    eventId,
    modelId,
    tokenAddress,
    registryTransactionHash: typeof registered === 'string' ? registered : null,
  };
}

function parsed(element: string): object | null {
  try {
    const json: unknown = JSON.parse(element);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}
