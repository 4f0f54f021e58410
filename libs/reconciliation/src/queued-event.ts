/** The compared fields of an event. */
export interface QueuedEvent {
  /** Null for an event of Hokusai's form, which has no id. */
  readonly eventId: string | null;
  readonly modelId: string;
  readonly tokenAddress: string;
  /** Null for an unregistered token. */
  readonly registryTransactionHash: string | null;
}

/** Parses an event; null for anything else. */
export function readEvent(element: string): QueuedEvent | null {
  const event = new Map<string, unknown>(Object.entries(parsed(element) ?? {}));
  const eventId = event.get('event_id') ?? null;
  const modelId = event.get('model_id');
  const tokenAddress = event.get('token_address');
  if (typeof modelId !== 'string' || typeof tokenAddress !== 'string') return null;
  if (typeof eventId !== 'string' && !(eventId === null && event.get('event_type') === 'token_deployed')) return null;
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
