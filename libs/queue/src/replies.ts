/** A script reply of an unexpected shape, such as that of another version. */
export class UnexpectedReplyError extends Error {
  constructor(expected: string) {
    super(`Redis did not answer with ${expected}`);
    this.name = 'UnexpectedReply';
  }
}

export function list(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new UnexpectedReplyError('a list');
  return reply;
}

export function bytes(reply: unknown): Buffer {
  if (!Buffer.isBuffer(reply)) throw new UnexpectedReplyError('bytes');
  return reply;
}

export function bytesOrNull(reply: unknown): Buffer | null {
  return reply === null ? null : bytes(reply);
}

/** Decodes ASCII text written by the service. */
export function text(reply: unknown): string {
  return bytes(reply).toString('latin1');
}

/** Decodes an integer or its decimal text. */
export function integer(reply: unknown): number {
  const value = Buffer.isBuffer(reply) ? Number(reply.toString('latin1')) : reply;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new UnexpectedReplyError('an integer');
  return value;
}

/** Decodes an HGETALL reply as UTF-8 text. */
export function fields(reply: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parts = list(reply);
  for (let at = 0; at < parts.length; at += 2) {
    found.set(text(parts[at]), bytes(parts[at + 1]).toString('utf8'));
  }
  return found;
}
