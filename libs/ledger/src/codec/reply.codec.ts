import { LedgerCorruptedError } from './ledger.errors.js';

/** Decoders of script replies. All throw `LedgerCorruptedError`. */
export function listReply(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new LedgerCorruptedError('reply');
  return reply;
}

export function bytesReply(reply: unknown): Buffer {
  if (!Buffer.isBuffer(reply)) throw new LedgerCorruptedError('reply');
  return reply;
}

export function textReply(reply: unknown): string {
  return bytesReply(reply).toString('utf8');
}

export function integerReply(reply: unknown): number {
  if (typeof reply !== 'number') throw new LedgerCorruptedError('reply');
  return reply;
}

export function textListReply(reply: unknown): readonly string[] {
  return listReply(reply).map(textReply);
}

/** An HGETALL reply: name, value, name, value, … */
export function hashReply(reply: unknown): ReadonlyMap<string, string> {
  const flat = textListReply(reply);
  return new Map(flat.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));
}
