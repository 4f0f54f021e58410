import {
  type DeadLetterFilter,
  REPLAY_OUTCOMES,
  type ReplayedEntry,
  type ReplayRequest,
  type ReplayRun,
  type ReplaySelection,
  type ReplayState,
} from '#core';
import { UnexpectedReplyError } from '../replies.js';

type Fields = ReadonlyMap<string, string>;
type JsonObject = Readonly<Record<string, unknown>>;

/** Decodes a run from its hash. */
export function readRun(found: Fields): ReplayRun {
  const count = (name: string): number => Number(found.get(name) ?? 0);
  return {
    request: readOrder(objectOf(JSON.parse(found.get('order') ?? 'null'))),
    state: stateOf(found.get('state')),
    position: found.get('position') ?? null,
    examined: count('examined'),
    counts: {
      replayed: count('replayed'),
      gone: count('gone'),
      unreplayable: count('unreplayable'),
      already_deployed: count('already_deployed'),
      repeated: count('repeated'),
    },
    total: count('total'),
    cancelling: found.has('cancelling'),
    resumptions: count('resumptions'),
    startedAt: count('started_at'),
    updatedAt: count('updated_at'),
  };
}

/** Encodes the ids of one entry for the result list. */
export function idsText({ id, messageId, modelId }: Omit<ReplayedEntry, 'outcome'>): string {
  return JSON.stringify([id, messageId, modelId]);
}

/** Decodes the result of one entry; null when it is malformed. */
export function readEntry(line: string): ReplayedEntry | null {
  const blank = line.indexOf(' ');
  const outcome = REPLAY_OUTCOMES.find((known) => known === line.slice(0, blank));
  const ids = parseOrNull(line.slice(blank + 1));
  if (outcome === undefined || !Array.isArray(ids)) return null;
  const [id, messageId, modelId] = ids.map((part: unknown) => (typeof part === 'string' ? part : null));
  return { id: id ?? '', messageId: messageId ?? null, modelId: modelId ?? null, outcome };
}

function readOrder(order: JsonObject): ReplayRequest {
  const action = objectOf(order['action']);
  return {
    id: String(order['id']),
    selection: readSelection(objectOf(order['selection'])),
    maxPerSecond: numberOrNull(order['maxPerSecond']),
    force: order['force'] === true,
    action: {
      actor: String(action['actor']),
      requestId: String(action['requestId']),
      note: typeof action['note'] === 'string' ? action['note'] : null,
    },
  };
}

function readSelection({ kind, ids, filter, limit }: JsonObject): ReplaySelection {
  if (kind === 'ids' && Array.isArray(ids)) return { kind, ids: ids.map(String) };
  return { kind: 'oldest', filter: readFilter(objectOf(filter)), limit: numberOrNull(limit) ?? 0 };
}

function readFilter({ reason, modelId, failedBefore, failedAfter }: JsonObject): DeadLetterFilter {
  return {
    ...(typeof reason === 'string' && { reason }),
    ...(typeof modelId === 'string' && { modelId }),
    ...(typeof failedBefore === 'number' && { failedBefore }),
    ...(typeof failedAfter === 'number' && { failedAfter }),
  };
}

function stateOf(state: string | undefined): ReplayState {
  if (state === 'running' || state === 'finished' || state === 'cancelled') return state;
  throw new UnexpectedReplyError('the state of a replay');
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
