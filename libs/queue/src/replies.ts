/** Redis answered something that the script does not return: it is not the script of this version. */
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

/** Text of letters, digits and signs that the service itself wrote; never the producer's. */
export function text(reply: unknown): string {
  return bytes(reply).toString('latin1');
}

/** An integer, as such or in decimal. */
export function integer(reply: unknown): number {
  const value = Buffer.isBuffer(reply) ? Number(reply.toString('latin1')) : reply;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new UnexpectedReplyError('an integer');
  return value;
}

/** What HGETALL answers, as text in UTF-8. */
export function fields(reply: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parts = list(reply);
  for (let at = 0; at < parts.length; at += 2) {
    found.set(text(parts[at]), bytes(parts[at + 1]).toString('utf8'));
  }
  return found;
}
